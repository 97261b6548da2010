// The page: which view is shown, the frame around it, and the trouble that concerns all of it.
import {CompaniesView} from './companies.js';
import {CompanyView} from './company.js';
import {open, Trouble} from './daemon.js';
import {el, keepingFocus} from './element.js';
import {HeldView} from './held.js';
import {Model} from './model.js';
import {addressOf, placeOf} from './routes.js';
import {SignInView} from './signin.js';
import {chooseLanguage, language, say, setLanguage} from './words.js';

const main = document.getElementById('main');
const model = new Model(changed, () => view?.moved?.());
let view = null;
let begun = false;

function drawFrame() {
    const place = (address, words) => el('a', {href: address, 'aria-current': (location.hash || '#/') === address ? 'page' : null}, words);
    const places = [place('#/', say("Companies")), place('#/held', model.held ? say("Held ({n})", {n: model.held}) : say("Held"))];
    if (model.status?.signin?.method === 'device') places.push(place('#/signin', say("Sign-in")));
    const nav = document.getElementById('places');
    nav.setAttribute('aria-label', say("Places"));
    keepingFocus(nav, () => nav.replaceChildren(...places));
    const choose = (wanted, words) => el('button', {type: 'button', class: 'quiet', lang: wanted, 'data-key': wanted, 'aria-pressed': String(language() === wanted),
        onclick: () => { setLanguage(wanted, true); show(); }}, words);
    const languages = document.getElementById('languages');
    keepingFocus(languages, () => languages.replaceChildren(choose('sv', 'Svenska'), choose('en', 'English')));
}

function drawTrouble() {
    const trouble = model.trouble;
    const words = !trouble ? '' : trouble.status === 401 ? say("This page is not open any more. Press Enter in the terminal where samsynk ui runs, and open the new address.") : trouble.words();
    const place = document.getElementById('trouble');
    if (place.textContent !== words) place.replaceChildren(...(words ? [el('p', {class: 'complaint'}, words)] : []));
    const limits = model.mayAct() ? '' : say("You may look, but not act. Ask to become a member of the group samsynk.");
    document.getElementById('limits').textContent = limits;
}

function changed() {
    if (!begun) return;
    drawFrame();
    drawTrouble();
    view?.update();
}

function viewFor(hash) {
    const place = placeOf(hash);
    switch (place.view) {
    case 'company': return new CompanyView(model, place.company);
    case 'held': return new HeldView(model);
    case 'signin': return new SignInView(model);
    default: return new CompaniesView(model);
    }
}

function show() {
    view?.hide();
    view = viewFor(location.hash);
    drawFrame();
    drawTrouble();
    main.replaceChildren(); // what is shown is what the address says, however long it takes to come
    view.show(main);
}

async function begin() {
    const words = chooseLanguage(); // comes while the list does
    try {
        if (!await open()) throw new Trouble(401);
        await Promise.all([words, model.refresh()]);
        begun = true;
    } catch (trouble) {
        if (!(trouble instanceof Trouble)) throw trouble;
        await words;
        begun = true;
        model.trouble = trouble;
        drawFrame();
        drawTrouble();
        if (trouble.status === 401 || trouble.status === 403) return;
    }
    // Who has one company has come for its dialogue.
    if (model.companies.length === 1 && model.companies[0].company && (location.hash === '' || location.hash === '#/'))
        history.replaceState(null, '', addressOf(model.companies[0]));
    show();
    window.addEventListener('hashchange', () => { show(); main.focus(); window.scrollTo(0, 0); });
    setInterval(() => view.update(), 60000); // what was just now is a minute ago
    model.live();
}

begin();
