import { COPY_SCRIPT, pageOf } from './docs-page.js';
import { Html, html } from './html.js';

/** Fetches the reference with the key, which stays in this page's memory, and shows it in place of the form. */
export const KEY_PROMPT_SCRIPT = `
function addCopyButtons() {${COPY_SCRIPT}}
const form = document.querySelector('form');
const say = (text) => { form.querySelector('output').textContent = text; };
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  say('');
  try {
    const headers = { authorization: 'Bearer ' + form.elements.key.value.trim(), accept: 'text/html' };
    const answer = await fetch(location.pathname, { headers });
    if (!answer.ok) return say('This client key is not known here. 本服务器不认识这个密钥。');
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    document.title = page.title;
    document.documentElement.lang = page.documentElement.lang;
    document.body.replaceWith(document.adoptNode(page.body));
    addCopyButtons();
    if (location.hash.length > 1) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  } catch {
    say('The server did not answer. Try again. 服务器没有应答，请重试。');
  }
});
`;

/** The page for a browser, which cannot send a key by itself. */
export function keyPromptPage(): string {
  return pageOf(
    'Zhongkong API',
    html`<main class="key-prompt"><h1>Zhongkong API</h1>
<p>The reference is for those who have a client key of this server. The key stays in this page and is forgotten with it.</p>
<p>查看 API 参考需要本服务器的客户端密钥。密钥只留在这个页面里，关闭即忘。</p>
<form><label for="key">Client key · 客户端密钥</label>
<input id="key" name="key" type="password" autocomplete="off" required autofocus>
<button>Open the reference · 打开</button><output role="status"></output></form></main>
<script>${new Html(KEY_PROMPT_SCRIPT)}</script>`,
  );
}
