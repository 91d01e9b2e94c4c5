-- wrk's script: sends the requests of a file in turn, and prints the results as a line of JSON. Each thread
-- begins elsewhere in the file.
--
-- arguments: requests [body]
--   requests   a file with a line for each: method, path, bearer token or "-", byte range or "-"
--   body       a file with the body of all requests
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(arguments)
    if arguments[2] then
        local file = assert(io.open(arguments[2], "rb"))
        wrk.body = file:read("*a")
        file:close()
    end
    requests = {}
    for line in io.lines(arguments[1]) do
        local method, path, token, range = line:match("^(%S+) (%S+) (%S+) (%S+)$")
        -- Like browsers and most libraries.
        local headers = {["Accept-Encoding"] = "gzip"}
        if token ~= "-" then headers["Authorization"] = "Bearer " .. token end
        if range ~= "-" then headers["Range"] = "bytes=" .. range end
        if wrk.body then headers["Content-Type"] = "application/octet-stream" end
        -- Made only once, because the load generator uses the same two cores.
        requests[#requests + 1] = wrk.format(method, path, headers)
    end
    at = math.floor(number * #requests / 2)
end

function request()
    at = at % #requests + 1
    return requests[at]
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format(
        '{"requests": %d, "bytes": %.0f, "microseconds": %d, "p50": %d, "p99": %d, "status": %d, ' ..
            '"connect": %d, "read": %d, "write": %d, "timeout": %d}',
        summary.requests, summary.bytes, summary.duration, latency:percentile(50),
        latency:percentile(99), errors.status, errors.connect, errors.read, errors.write,
        errors.timeout))
end
