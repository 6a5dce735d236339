import { expect, test } from 'vitest'
import { address, html, page } from '../../../src/report/page/html.ts'

const assets = { style: 'app-1a2b3c4d.css', script: 'app-5e6f7a8b.js' }

test('a page has its frame: title, way past the navigation, landmarks, the built files, and nothing of its own to run', () => {
  const text = page({
    title: 'Executions <b>',
    current: 'executions',
    body: html`<h1>Executions</h1>`,
    me: { name: 'Ada Berg', csrf: 'c5rf' },
    assets,
    now: 1_795_277_000_000,
    stream: '/stream?topics=overview&after=5',
  })
  expect(text).toMatch(/^<!doctype html>\n<html lang="en">/)
  expect(text).toContain('<title>Executions &lt;b&gt; · eosflow</title>')
  expect(text).toContain('<link rel="stylesheet" href="/web/app-1a2b3c4d.css">')
  expect(text).toContain('<script src="/web/app-5e6f7a8b.js" type="module"></script>')
  expect(text).toContain('<body data-now="1795277000000" data-stream="/stream?topics=overview&amp;after=5">')
  expect(text).toContain('<a class="skip" href="#main">')
  expect(text).toContain('<main id="main" tabindex="-1">')
  expect(text).toContain('<a href="/executions" aria-current="page">Executions</a>')
  expect(text.match(/aria-current/g)).toHaveLength(1)
  expect(text.match(/<script/g)).toHaveLength(1)
  expect(text).not.toMatch(/ style=|<style| on[a-z]+="/)
})

test('before a login there is no navigation, and no name', () => {
  const text = page({ title: 'Sign in', body: html`<h1>Sign in</h1>`, assets, now: 0 })
  expect(text).toContain('<main id="main" tabindex="-1">\n<h1>Sign in</h1>\n</main>')
  expect(text).not.toContain('<nav')
  expect(text).not.toContain('class="who"')
})

test('an address keeps what it is given in one part of the path', () => {
  expect(address.switch('leaf/1?a=#b')).toBe('/switches/leaf%2F1%3Fa%3D%23b')
  expect(address.workflow('workflows/add vlan.yaml')).toBe('/workflows/workflows/add%20vlan.yaml')
  expect(address.act('20261121-1', 'stop')).toBe('/executions/20261121-1/stop')
  expect(address.execution('\ud800')).toBe('/executions/%EF%BF%BD')
})
