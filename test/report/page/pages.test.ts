import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { page } from '../../../src/report/page/html.ts'
import { PAGES } from './all-pages.ts'
import { FRAME } from './material.ts'

const { me: _me, ...signedOut } = FRAME

/** A page as it is sent. */
const sent = (name: string) => {
  const { isBeforeLogin, ...content } = PAGES[name] ?? { title: '', body: undefined as never }
  return page({ ...(isBeforeLogin === true ? signedOut : FRAME), ...content })
}

describe('the pages of the control room', () => {
  test.each(Object.keys(PAGES))('%s', async (name) => {
    await expect(sent(name)).toMatchFileSnapshot(`../../golden/pages/${name}.html`)
  })

  test('each golden page is of a page that there is', () => {
    const kept = readdirSync(new URL('../../golden/pages', import.meta.url)).map((file) => file.replace('.html', ''))
    expect(kept.sort()).toEqual(Object.keys(PAGES).sort())
    expect(kept.length).toBeGreaterThanOrEqual(24)
  })

  test('[G19] no page has a script, a style, a handler or a form of its own device: what it is given is text', () => {
    let looked = 0
    for (const name of Object.keys(PAGES)) {
      const text = sent(name)
      expect(text.match(/<script/g), name).toHaveLength(1)
      expect(text, name).not.toMatch(/<style| style=| on[a-z]+="|<img|<iframe|<b>vlan/)
      // Each form that changes something has the token of the session; the one-time link stands in for it.
      for (const form of text.match(/<form method="post"[\s\S]*?<\/form>/g) ?? []) {
        expect(form, name).toMatch(/name="csrf" value="c5f0c5f0c5f0"|name="link"/)
        looked += 1
      }
      const ids = [...text.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
      expect(new Set(ids).size, name).toBe(ids.length)
      expect(text.match(/<h1/g), name).toHaveLength(1)
      looked += 1
    }
    expect(looked).toBeGreaterThanOrEqual(35)
  })
})
