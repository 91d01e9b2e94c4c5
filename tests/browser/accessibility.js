// Sentences about what readers without a mouse, a screen or good eyes could not use. WCAG 2.1: 1.4.3 contrast,
// 4.1.2 names, 1.3.1 labels and headings, 2.4.2 title, 3.1.1 language.
const faults = [];
const visible = (element) => {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    return box.width > 0 && box.height > 0 && style.visibility === 'visible' && !element.closest('[aria-hidden=true]');
};
const shown = (element) => element.outerHTML.slice(0, 160).replace(/\s+/g, ' ');

// Names
const textOf = (id) => document.getElementById(id)?.textContent ?? '';
const nameOf = (element) => {
    const labelled = (element.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean).map(textOf).join(' ');
    const labels = [...(element.labels ?? [])].map((label) => label.textContent).join(' ');
    const pictures = [...element.querySelectorAll('img[alt], [aria-label], svg > title')]
        .map((one) => one.getAttribute('alt') ?? one.getAttribute('aria-label') ?? one.textContent).join(' ');
    return [labelled, element.getAttribute('aria-label'), labels, element.textContent, pictures,
            element.getAttribute('title'), element.type === 'submit' ? element.value : '']
        .map((text) => (text ?? '').trim()).find(Boolean);
};
for (const element of document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab], [role=img], [tabindex="0"]')) {
    if (visible(element) && !nameOf(element)) faults.push(`has no name: ${shown(element)}`);
}
for (const image of document.querySelectorAll('img, svg')) {
    const named = image.hasAttribute('alt') || image.closest('[aria-hidden=true]') || nameOf(image);
    if (visible(image) && !named) faults.push(`is a picture without a name: ${shown(image)}`);
}
const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
for (const id of ids.filter((id, index) => ids.indexOf(id) !== index)) faults.push(`two elements have the id ${id}`);
if (!document.documentElement.lang) faults.push('the page names no language');
if (!document.title.trim()) faults.push('the page has no title');
if (document.querySelectorAll('main').length !== 1) faults.push('the page has not exactly one <main>');
const titles = document.querySelectorAll('h1').length; // none where all that there is to say is an error
if (titles > 1 || (titles === 0 && !document.querySelector('main [role=alert]'))) faults.push(`the page has ${titles} <h1>`);

// Contrast. Colours are read from a canvas, because their text has many forms.
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgba = (text) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
};
const over = (front, back) => [0, 1, 2].map((i) => front[i] * front[3] + back[i] * (1 - front[3])).concat(1);
const background = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    const dark = matchMedia('(prefers-color-scheme: dark)').matches;
    return layers.reduceRight((below, layer) => over(layer, below), dark ? [18, 18, 18, 1] : [255, 255, 255, 1]);
};
const luminance = (colour) => {
    const [red, green, blue] = colour.slice(0, 3).map((value) => {
        const part = value / 255;
        return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const opacity = (element) => {
    let value = 1;
    for (let at = element; at; at = at.parentElement) value *= Number(getComputedStyle(at).opacity);
    return value;
};
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.textContent.trim() || seen.has(element) || !visible(element)) continue;
    seen.add(element);
    if (element.closest(':disabled, [aria-disabled=true], noscript')) continue;
    const style = getComputedStyle(element);
    const back = background(element);
    const colour = rgba(element.closest('svg') ? style.fill : style.color);
    const front = over([...colour.slice(0, 3), colour[3] * opacity(element)], back);
    const [lighter, darker] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    const ratio = (lighter + 0.05) / (darker + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) {
        faults.push(`has a contrast of ${ratio.toFixed(2)}: "${node.textContent.trim().slice(0, 40)}" in ${shown(element).slice(0, 80)}`);
    }
}
return faults;
