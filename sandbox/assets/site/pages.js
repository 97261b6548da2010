// The pages work without this. It spares a person some waiting: a search that follows what is typed, and a button that
// can't be pressed twice.

const search = document.querySelector('form.search');
if (search) {
    const field = search.querySelector('input[type=search]');
    let waiting, asked = 0;
    const follow = async () => {
        const mine = ++asked;
        const address = `${search.getAttribute('action')}?sok=${encodeURIComponent(field.value)}`;
        const reply = await fetch(address, {credentials: 'same-origin'}).catch(() => null);
        if (!reply || !reply.ok || mine !== asked) return;
        const page = new DOMParser().parseFromString(await reply.text(), 'text/html');
        const found = page.getElementById('found');
        if (found && mine === asked) {
            document.getElementById('found').replaceWith(found);
            history.replaceState(null, '', address);
        }
    };
    field.addEventListener('input', () => {
        clearTimeout(waiting);
        waiting = setTimeout(follow, 120);
    });
}

document.addEventListener('submit', event => {
    if (event.target.dataset.sent) {
        event.preventDefault();
        return;
    }
    event.target.dataset.sent = 'yes';
});
// Coming back to a page that the browser kept: it may be old, and its buttons are to work again.
window.addEventListener('pageshow', event => {
    for (const form of document.forms) delete form.dataset.sent;
    if (event.persisted) location.reload();
});

document.getElementById('complaint')?.focus();
