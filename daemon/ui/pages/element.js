// Makes elements. What a person or a program has written becomes text, never markup.

/** `el('button', {class: 'quiet', onclick: f}, 'Text', child, …)`; null children are left out. */
export function el(name, options = {}, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(options)) {
        if (value === null || value === undefined || value === false) continue;
        if (key.startsWith('on')) made.addEventListener(key.slice(2), value);
        else made.setAttribute(key, value === true ? '' : value);
    }
    made.append(...children.flat().filter(child => child !== null && child !== undefined && child !== ''));
    return made;
}

/** A name that others gave: whatever direction it is written in, what stands beside it stays there. */
export const named = text => el('bdi', {}, text);

/** Draws a place anew, and leaves the focus on what is the same there: by its address or `data-key`. */
export function keepingFocus(place, draw) {
    const key = one => one.getAttribute('href') ?? one.dataset.key;
    const focused = place.contains(document.activeElement) ? key(document.activeElement) : undefined;
    draw();
    if (focused !== undefined && !place.contains(document.activeElement))
        [...place.querySelectorAll('a, button')].find(one => key(one) === focused)?.focus({preventScroll: true});
}

/** Names the view in the browser's tab and history. */
export function entitle(text) {
    document.title = text + ' – Samsynk';
}

/** Says it to who can't see what changed. */
export function tell(text) {
    document.getElementById('told').textContent = text;
}

/** A question that must be answered; gives whether the answer was yes. */
export function question(text, yes, no) {
    return new Promise(resolve => {
        const dialog = el('dialog', {'aria-label': text, onclose: () => { resolve(dialog.returnValue === 'yes'); dialog.remove(); }},
            el('p', {}, text),
            el('form', {method: 'dialog', class: 'row'}, el('button', {value: 'yes'}, yes), el('button', {value: 'no', class: 'quiet'}, no)));
        document.body.append(dialog);
        dialog.showModal();
    });
}

/** Runs work while the button can't be pressed again. */
export async function busy(button, work) {
    if (button.disabled) return;
    const focused = document.activeElement === button;
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    try { await work(); } finally {
        button.disabled = false;
        button.removeAttribute('aria-busy');
        if (focused && document.activeElement === document.body) button.focus(); // a disabled one loses it
    }
}
