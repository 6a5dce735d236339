import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/index.ts'
import { everyNthOfLong } from '../../extent.ts'
import { tooLarge } from '../../hostile/as-thread.ts'
import { hostileTemplates } from './hostile-values.ts'

/** A rendering is over after so long, on a machine that does other things too. */
const SLOWEST = 20_000

describe('no template takes more memory or time than a rendering has', () => {
  test('[3G3] 55 bytes that made 31 million pairs are refused at once, also where nothing comes of them', () => {
    for (const template of [
      '{{ range(5600)|product(range(5600))|list|length }}',
      '{{ range(5600)|product(range(5600), [])|list|length }}',
      '{{ range(5600)|permutations(2)|list|length }}',
      '{{ range(9000)|combinations(2)|list|length }}',
    ]) {
      expect(renderTemplate(template, {})).toMatchObject({ ok: false, problems: [{ code: 'template-size' }] })
    }
  })

  test('what people make of lists has room enough', () => {
    expect(renderTemplate('{{ range(400)|product(range(400))|list|length }}', {})).toEqual({ ok: true, text: '160000' })
    expect(renderTemplate('{{ range(500000)|list|length }}', {})).toEqual({ ok: true, text: '500000' })
    expect(renderTemplate('{{ range(500)|combinations(2)|list|length }}', {})).toEqual({ ok: true, text: '124750' })
  })

  test('[3G3] whatever a filter, a test, a function, a method or an operator makes is charged while it is made', {
    tags: 'long',
    timeout: 1_200_000,
  }, async () => {
    const templates = hostileTemplates()
    expect(templates.length).toBeGreaterThan(10_000)
    const some = everyNthOfLong(211, 'templates of large values', templates)
    expect(await tooLarge(new URL('hostile-values.ts', import.meta.url), some, SLOWEST)).toEqual([])
  })
})
