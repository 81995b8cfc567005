// An authorization server that is not tfhelper's: the certified npm oidc-provider, dressed as far as Atlassian differs.
//
//   node oidc-provider.mjs PEERS_DIRECTORY CLIENT_ID CLIENT_SECRET REDIRECT_URI
//
// Prints its origin on the first line. What is added: JSON bodies at the token endpoint, which oidc-provider takes as
// forms alone, and accessible resources with Jira's own calls behind the access token that it issued.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [peers, client_id, client_secret, redirect_uri] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(join(peers, 'node_modules/oidc-provider/lib/index.js')));

const CLOUD_ID = '3324a887-45db-4bf4-8e99-ef0ff456d421';
const SCOPES = ['read:group:jira', 'read:avatar:jira', 'read:user:jira', 'read:account', 'read:jira-user', 'read:jira-work'];

const server = createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const origin = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(origin, {
  clients: [{
    client_id, client_secret,
    redirect_uris: [redirect_uri],
    application_type: 'native',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_post',
  }],
  cookies: { keys: ['rehearsal'] },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  pkce: { required: () => false },
  rotateRefreshToken: true,
  routes: { authorization: '/authorize', token: '/oauth/token' },
  scopes: ['offline_access', ...SCOPES],
});
const authorize = provider.callback();

async function body(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function answer(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

// What Atlassian has and OpenID Connect has not.
async function resource(path, request, response) {
  const value = (request.headers.authorization ?? '').replace(/^bearer /i, '');
  const token = await provider.AccessToken.find(value);
  if (!token?.isValid) return answer(response, 401, { code: 401, message: 'Unauthorized' });
  const scopes = token.scope.split(' ').filter((scope) => scope.includes(':jira')).sort();
  if (path === '/oauth/token/accessible-resources') {
    return answer(response, 200, [{ id: CLOUD_ID, url: 'https://not-ours.atlassian.net', name: 'not-ours', scopes, avatarUrl: '' }]);
  }
  const page = { startAt: 0, maxResults: 1, total: 1, isLast: true };
  const calls = {
    myself: { accountId: token.accountId, displayName: 'Somebody', active: true },
    users: [{ accountId: token.accountId, displayName: 'Somebody', active: true }],
    'group/bulk': { ...page, values: [{ groupId: '276f955c-63d7-42c8-9520-92d01dca0625', name: 'jira-users' }] },
    'group/member': { ...page, values: [{ accountId: token.accountId }] },
    'project/search': { ...page, values: [{ id: '10000', key: 'ACME' }] },
    mypermissions: { permissions: { BROWSE_PROJECTS: { havePermission: true }, USER_PICKER: { havePermission: true }, ADMINISTER: { havePermission: true } } },
  };
  const call = path.startsWith(`/ex/jira/${CLOUD_ID}/rest/api/3/`) ? path.split('/rest/api/3/')[1] : '';
  return call in calls ? answer(response, 200, calls[call]) : answer(response, 404, { code: 404, message: 'No message available' });
}

server.on('request', async (request, response) => {
  const { pathname } = new URL(request.url, origin);
  if (pathname === '/site/not-ours/_edge/tenant_info') return answer(response, 200, { cloudId: CLOUD_ID });
  if (pathname === '/oauth/token/accessible-resources' || pathname.startsWith('/ex/jira/')) return resource(pathname, request, response);
  if (pathname === '/oauth/token' && request.headers['content-type']?.startsWith('application/json')) {
    request.body = JSON.parse(await body(request));
    request.headers['content-type'] = 'application/x-www-form-urlencoded';
  }
  return authorize(request, response);
});
console.log(origin);
