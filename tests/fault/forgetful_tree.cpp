#include "fault/forgetful_tree.hpp"

namespace coredepot::test {

void Node::sync() {
    if (is_folder) {
        synced_names = names;
    } else {
        synced_content = std::make_shared<const std::string>(content);
        synced_attributes = attributes;
    }
}

const std::string& Node::bytes() const {
    static const std::string none;
    if (!is_after_cut) return content;
    return synced_content ? *synced_content : none;
}

std::shared_ptr<Node> after_cut(const Node& root, Cut cut) {
    auto copy = std::make_shared<Node>();
    copy->is_folder = root.is_folder;
    copy->mode = root.mode;
    copy->uid = root.uid;
    copy->gid = root.gid;
    copy->changed = root.changed;
    copy->synced_content = root.synced_content;
    copy->attributes = root.synced_attributes;
    if (cut == Cut::Journaled) {
        copy->attributes = root.attributes;
        if (!root.is_folder && !root.synced_content) {
            copy->synced_content = std::make_shared<const std::string>(
                root.content.substr(0, root.content.size() / 2));
        }
    }
    copy->is_after_cut = true;
    for (const auto& [name, node] : cut == Cut::Strict ? root.synced_names : root.names) {
        copy->names.emplace(name, after_cut(*node, cut));
    }
    return copy;
}

std::shared_ptr<Node> find(const std::shared_ptr<Node>& root, std::string_view path) {
    auto node = root;
    while (node && !path.empty()) {
        path.remove_prefix(path.front() == '/' ? 1 : 0);
        const auto name = path.substr(0, path.find('/'));
        path.remove_prefix(name.size());
        if (name.empty()) continue;
        const auto entry = node->names.find(name);
        node = entry == node->names.end() ? nullptr : entry->second;
    }
    return node;
}

std::uint64_t size_of(const Node& root) {
    std::uint64_t size = root.bytes().size();
    for (const auto& [name, node] : root.names) size += size_of(*node);
    return size;
}

}  // namespace coredepot::test
