// VitePress checks links to pages, but not to the headings in them.
import fs from 'node:fs'
import path from 'node:path'

export function checkAnchors(folder) {
  const pages = new Map()
  for (const file of fs.readdirSync(folder, { recursive: true })) {
    if (file.endsWith('.html')) pages.set('/' + file, fs.readFileSync(path.join(folder, file), 'utf8'))
  }
  const broken = []
  for (const [page, html] of pages) {
    for (const [, link] of html.matchAll(/<a [^>]*href="((?![a-z]+:)[^"]*#[^"]+)"/g)) {
      const url = new URL(link, 'http://site' + page)
      const target = pages.get(url.pathname.endsWith('/') ? url.pathname + 'index.html' : url.pathname)
      if (!target?.includes(`id="${decodeURIComponent(url.hash.slice(1))}"`)) broken.push(`${page}: ${link}`)
    }
  }
  if (broken.length > 0) throw new Error('links to headings that do not exist:\n' + broken.join('\n'))
}
