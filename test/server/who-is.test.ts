import { expect, test } from 'vitest'
import { openProject } from '../../src/app/project.ts'
import { Scrubber } from '../../src/secret/scrubber.ts'
import { whoIs } from '../../src/server/who-is.ts'
import { startLab } from '../e2e/in-memory.ts'
import { SETTINGS } from '../e2e/policy-people.ts'
import { freshFolder } from '../journal/sqlite/open-for-test.ts'

test('a text that somebody sends as a token is refused, and is taken out of nothing that others are shown', async () => {
  const lab = startLab()
  lab.write('eosflow.yaml', SETTINGS)
  const scrubber = new Scrubber()
  const host = { env: { XDG_STATE_HOME: freshFolder() }, cwd: lab.dir, scrubber, words: () => 'see' }
  const project = openProject(host, { project: lab.dir })
  const sent = [
    'the-change-has-succeeded',
    'eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlL3JlYWxtcy9uZXQifQ.',
  ]
  for (const token of sent) {
    await expect(whoIs(project, host, token)).rejects.toThrow(/token|identity provider/)
    expect(scrubber.scrub(`outcome: ${token}`)).toBe(`outcome: ${token}`)
  }
  expect(sent).toHaveLength(2)
})
