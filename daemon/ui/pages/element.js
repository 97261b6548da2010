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
    button.disabled = true;
    button.setAttribute('aria-busy', 'true');
    try { await work(); } finally {
        button.disabled = false;
        button.removeAttribute('aria-busy');
    }
}
