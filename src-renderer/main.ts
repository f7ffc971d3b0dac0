import { mount } from 'svelte'
import './styles/tokens.css'
import './styles/base.css'
import App from './views/App.svelte'

const target = document.getElementById('app')
if (target === null) throw new Error('index.html has no #app')

// A file dropped beside a drop zone must not replace the page.
for (const name of ['dragover', 'drop']) {
  window.addEventListener(name, (event) => event.preventDefault())
}

mount(App, { target })
