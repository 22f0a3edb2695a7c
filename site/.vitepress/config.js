// The site: README.md and the pages in docs/, as they are. make site writes it into bin/site.
import fs from 'node:fs'
import path from 'node:path'
import { checkAnchors } from './anchors.js'

const root = path.resolve(import.meta.dirname, '../..')
const repository = 'https://github.com/odoogen/odoogen'
const pages = path.resolve(import.meta.dirname, '../pages') // a copy: modules are found only from within this folder
const isPage = file => /^(docs\/[^/]+|README|CHANGELOG|CONTRIBUTING|SECURITY)\.md$/.test(file)

fs.rmSync(pages, { recursive: true, force: true })
for (const file of [...fs.readdirSync(root), ...fs.readdirSync(path.join(root, 'docs')).map(f => 'docs/' + f)]) {
  if (isPage(file) || /\.(svg|png)$/.test(file)) fs.cpSync(path.join(root, file), path.join(pages, file))
}

// resolveLinks turns links to files that are no pages into links to the repository. A link to a file that does not exist fails the build.
function resolveLinks(md) {
  md.core.ruler.push('resolve-links', ({ tokens, env }) => {
    for (const token of tokens.flatMap(t => t.children ?? [])) {
      const href = token.type === 'link_open' && token.attrGet('href')
      if (href && !/^([a-z]+:|#)/.test(href)) token.attrSet('href', resolve(href, path.relative(pages, env.realPath ?? env.path)))
    }
  })
}

// boxCode shows indented code as fenced code is shown.
function boxCode(md) {
  md.core.ruler.push('box-code', ({ tokens }) => {
    for (const token of tokens) if (token.type === 'code_block') Object.assign(token, { type: 'fence', info: 'text' })
  })
}

// escapeBraces keeps Vue from evaluating {{ }} in texts and code spans.
function escapeBraces(md) {
  for (const rule of ['text', 'code_inline']) {
    const render = md.renderer.rules[rule]
    md.renderer.rules[rule] = (...args) => render(...args).replaceAll('{{', '&#123;&#123;')
  }
}

function resolve(href, page) {
  const [link, anchor] = href.split('#')
  const file = path.join(path.dirname(page), link).replace(/\/$/, '')
  if (!fs.existsSync(path.join(root, file))) throw new Error(`${page}: the link ${href} leads to no file`)
  if (!isPage(file)) return `${repository}/tree/main/${file}${anchor ? '#' + anchor : ''}`
  return href.replace(/README\.md/, 'index.md')
}

// sections are those of docs/README.md: its headings, with the pages that each links to.
function sidebar() {
  const groups = [{ text: 'Start', items: [{ text: 'odoogen', link: '/' }, { text: 'All pages', link: '/docs/' }] }]
  for (const line of fs.readFileSync(path.join(root, 'docs/README.md'), 'utf8').split('\n')) {
    const heading = line.match(/^## ([^:]+)/)
    if (heading) groups.push({ text: heading[1], items: [], collapsed: false })
    for (const [, page] of line.matchAll(/\]\((\w+)\.md\)/g)) {
      groups.at(-1).items.push({ text: title(`docs/${page}.md`), link: `/docs/${page}` })
    }
  }
  groups.push({ text: 'Project', items: ['CHANGELOG', 'CONTRIBUTING', 'SECURITY'].map(p => ({ text: title(`${p}.md`), link: `/${p}` })) })
  return groups
}

const title = file => fs.readFileSync(path.join(root, file), 'utf8').match(/^# (.*)$/m)[1].replaceAll('`', '')

export default {
  title: 'odoogen',
  description: 'Typed Go packages generated from a live Odoo',
  base: process.env.SITE_BASE ?? '/',
  srcDir: pages,
  rewrites: { 'README.md': 'index.md', 'docs/README.md': 'docs/index.md' },
  outDir: path.join(root, 'bin/site'),
  cacheDir: path.join(root, 'bin/site-cache'),
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  markdown: { config: md => { resolveLinks(md); boxCode(md); escapeBraces(md) }, theme: { light: 'github-light', dark: 'github-dark' } },
  buildEnd: config => checkAnchors(config.outDir),
  themeConfig: {
    search: { provider: 'local' },
    sidebar: sidebar(),
    outline: [2, 3],
    nav: [{ text: 'Tutorial', link: '/docs/tutorial' }, { text: 'Guides and reference', link: '/docs/' }],
    socialLinks: [{ icon: 'github', link: repository }]
  }
}
