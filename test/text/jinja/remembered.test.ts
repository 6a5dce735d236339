import { expect, test, vi } from 'vitest'

const TEXTS = [
  '{% if true %}\n  a\n{% endif %}\nb\n',
  'a\n  {% if true %} x {% endif %}\nb',
  '{{ 1 // 0 }}',
  'x{% include "other" %}',
  '{% for a in [1, 2] %}{{ a }}{{ missing }}{% endfor %}',
  '{% block one %}{% endblock %}{% block one %}{% endblock %}',
  '{{ nope() }}',
  '{% if %}',
]
const QUESTIONS = TEXTS.flatMap((text) =>
  TEXTS.flatMap((other) =>
    [true, false].flatMap((trimBlocks) =>
      [true, false].map((lstripBlocks) => ({ text, other, trimming: { trimBlocks, lstripBlocks } })),
    ),
  ),
)

/** What a process renders that is asked these, in this order. */
async function rendered(questions: typeof QUESTIONS) {
  vi.resetModules()
  const { render } = await import('../../../src/text/jinja/render.ts')
  return questions.map(({ text, other, trimming }) => {
    const find = (name: string) => (name === 'other' ? { file: name, text: other } : undefined)
    const result = render({ file: 'one', text }, { variables: [], trimming, find })
    if (result.ok) return JSON.stringify(result)
    const { fault, template, offset } = result
    return JSON.stringify([fault.code, fault.message, fault.hint, template.file, offset])
  })
}

test('what a template gives does not depend on what was rendered before', async () => {
  const one = await rendered([...QUESTIONS, ...QUESTIONS])
  const other = (await rendered(QUESTIONS.toReversed())).toReversed()
  expect(one).toEqual([...other, ...other])
  expect([one.length, new Set(one).size > 20]).toEqual([512, true])
})
