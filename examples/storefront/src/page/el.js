/** The element with this id. */
export const at = (id) => document.getElementById(id);

/** Makes an element; children that are undefined are left out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'style') {
      for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
    } else if (name.startsWith('on')) {
      node[name] = value;
    } else if (value !== undefined) {
      node.setAttribute(name, value);
    }
  }
  node.append(...children.flat().filter((child) => child !== undefined));
  return node;
}

/** Writes a text, if it is another one: what a screen reader or a selection stands on is left alone. */
export function write(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text;
}

/** Puts new children in place of old ones, unless they would look the same. */
export function replace(parent, ...children) {
  const next = el('div', {}, ...children);
  if (next.innerHTML !== parent.innerHTML) parent.replaceChildren(...next.childNodes);
}
