// What the people of the flow do in their browsers.

export async function signIn(page, office, {email, password} = office) {
    await page.goto(office.site + '/logga-in');
    await page.getByLabel('E-post').fill(email);
    await page.getByLabel('Lösenord').fill(password);
    await page.getByRole('button', {name: 'Logga in'}).click();
    await page.getByRole('button', {name: 'Logga ut'}).waitFor();
}

/** From Kunder to the form Aktivera, by the links that the seed names. */
export async function goToActivate(page, office, name) {
    await page.goto(office.site + '/byra/kunder');
    await page.getByRole('link', {name}).click();
    await page.getByRole('link', {name: 'Samarbeten'}).click();
    await page.getByRole('link', {name: 'Digitala fakturor & dokument'}).click();
    await page.getByRole('link', {name: 'Aktivera'}).click();
}

export async function fillActivation(page, {recipient = 'Byrån', payee, contact} = {}) {
    await page.getByLabel('Uppdrag', {exact: true}).selectOption({label: 'Löpande bokföring'});
    await page.getByRole('group', {name: 'Fakturamottagare'}).getByLabel(recipient).check();
    if (payee) await page.getByRole('group', {name: 'Betalningsmottagare'}).getByLabel(payee).check();
    if (contact) {
        await page.getByLabel('Kontaktens namn').fill(contact.name);
        await page.getByLabel('E-post').fill(contact.email);
    }
}

export async function activate(page, office, name, choices) {
    await goToActivate(page, office, name);
    await fillActivation(page, choices);
    await page.getByRole('button', {name: 'Aktivera'}).click();
    await page.getByRole('status').waitFor();
}

/** The customer opens the letter's link and chooses a password. */
export async function comeByLink(page, link, password = 'ett långt lösenord') {
    await page.goto(link);
    await page.getByLabel('Välj lösenord').fill(password);
    await page.getByLabel('Upprepa lösenordet').fill(password);
    await page.getByRole('button', {name: 'Fortsätt'}).click();
    await page.getByRole('button', {name: 'Logga ut'}).waitFor();
}

export const invoicing = (office, number) => `${office.site}/bokforing/${number}/installningar/foretagsinstallningar/faktureringsuppgifter`;

export async function chooseOnline(page, office, number, group, choice) {
    await page.goto(invoicing(office, number));
    await page.getByRole('group', {name: group}).getByLabel(choice).check();
    await page.getByRole('button', {name: 'Spara'}).click();
    await page.getByText('Valen är sparade.').waitFor();
}
