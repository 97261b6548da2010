// A certified OpenID provider, on TLS: `node serve.mjs OPTIONS.json`. Writes its port to OPTIONS.port_file once it listens.
// It keeps everything in memory: when it starts again, all sign-ins are unknown to it.
import fs from 'node:fs';
import https from 'node:https';
import Provider from 'oidc-provider';

const options = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const device = 'urn:ietf:params:oauth:grant-type:device_code';
const none = {redirect_uris: [], response_types: []};

function configuration() {
    return {
        clients: [
            {...none, client_id: 'with-secret', client_secret: options.secret, grant_types: ['client_credentials']},
            {
                ...none, client_id: 'with-key', grant_types: ['client_credentials'], jwks: {keys: options.keys},
                token_endpoint_auth_method: 'private_key_jwt',
            },
            {
                ...none, client_id: 'people', grant_types: [device, 'refresh_token'], application_type: 'native',
                token_endpoint_auth_method: 'none',
            },
            {...none, client_id: 'no-grants', client_secret: options.secret, grant_types: []},
            {...none, client_id: 'api', client_secret: 'api', grant_types: []},
        ],
        cookies: {keys: ['for the tests only']},
        features: {
            clientCredentials: {enabled: true},
            deviceFlow: {enabled: true},
            introspection: {enabled: true},
            revocation: {enabled: true},
        },
        findAccount: (_, id) => ({accountId: id, claims: () => ({sub: id})}),
        issueRefreshToken: async (_, client, code) =>
            client.grantTypeAllowed('refresh_token') && code.scopes.has('offline_access'),
        rotateRefreshToken: true,
        scopes: ['openid', 'offline_access', 'sync'],
        ttl: {
            AccessToken: options.token_lifetime, ClientCredentials: options.token_lifetime,
            DeviceCode: options.device_lifetime, Grant: 86400, IdToken: 60, Interaction: 600, RefreshToken: 86400, Session: 600,
        },
    };
}

// The provider's name has its port in it, so it is made once that is known.
const server = https.createServer({cert: fs.readFileSync(options.certificate), key: fs.readFileSync(options.key)});
server.listen(options.port, '127.0.0.1', () => {
    const {port} = server.address();
    const provider = new Provider(`https://localhost:${port}`, configuration());
    provider.on('server_error', (_, error) => console.error(error));
    // The answer is late, not the deed.
    provider.use(async (context, next) => {
        await next();
        if (context.path === '/token') await new Promise((done) => setTimeout(done, options.delay));
    });
    const answer = provider.callback();
    server.on('request', (request, response) => {
        console.log(`${request.method} ${request.url.split('?')[0]}`);
        answer(request, response);
    });
    fs.writeFileSync(`${options.port_file}.new`, `${port}`);
    fs.renameSync(`${options.port_file}.new`, options.port_file);
});
process.on('SIGTERM', () => process.exit(0));
