import { expect, test, vi } from 'vitest'
import { begun, freshWorkflow, judged, putBack, sent, startSite, WAYS } from './words/site.ts'

test('[S13] one word of one person sends a plan once, whichever way it is given; whoever decides reads those on record once, and a challenge before it once more', {
  tags: 'long',
}, async () => {
  const site = await startSite()
  const found: Record<string, number> = {}
  for (const [index, [name, way]] of Object.entries(WAYS).entries()) {
    const file = freshWorkflow(site, 1500 + index)
    const first = await begun(site, site.apps[0], file)
    expect(await sent(first), 'nobody has approved it').toBe(false)
    const read = vi.spyOn(first.app.store, 'approvals')
    await way(site, first)
    found[name] = read.mock.calls.length
    read.mockRestore()
    // The same word again, in two processes at once.
    await Promise.all(site.apps.map((app) => way(site, { ...first, app })))
    expect(await sent(first), name).toBe(true)
    await putBack(first)
    const [next, beside] = [await begun(site, site.apps[1], file), await begun(site, site.apps[0], file)]
    expect(next.plan.digest).toBe(first.plan.digest)
    expect(await sent(next), `${name}: another`).toBe(false)
    // Said again after the end it is a word for one more execution. Both are judged before either has sent.
    await way(site, next)
    const judgements = [await judged(next), await judged(beside)]
    const both = await Promise.all([sent(next, judgements[0]), sent(beside, judgements[1])])
    expect(both.filter(Boolean), `${name}: again`).toHaveLength(1)
  }
  expect(found).toEqual({
    'the local user, by page, API or command': 1,
    'the local user, by a digest that a run is given': 1,
    'the local user, by yes at the terminal of a run': 1,
    'an SSH key, by a command': 1,
    'an SSH key, by a file': 1,
    'an installation, by a file that its seal vouches for': 1,
    'an installation, by a file that its server key vouches for': 1,
    'a new login': 1,
    'a passkey': 2,
    'a passkey and a new login of the same person': 3,
  })
})
