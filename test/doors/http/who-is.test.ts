import { expect, test } from 'vitest'
import { whoIs } from '../../../src/doors/http/context/who-is.ts'
import { openProject } from '../../../src/project/files/project.ts'
import { hostIn, openLab, SETTINGS, temporaryFolder } from '../../lab/lab.ts'

test('a text that somebody sends as a token is refused, and is taken out of nothing that others are shown', async () => {
  const lab = openLab({ files: { 'eosflow.yaml': SETTINGS } })
  const host = hostIn(lab.dir, { env: { XDG_STATE_HOME: temporaryFolder() } })
  const project = openProject(host, { project: lab.dir })
  const sent = [
    'the-change-has-succeeded',
    'eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlL3JlYWxtcy9uZXQifQ.',
  ]
  for (const token of sent) {
    await expect(whoIs(project, host, token)).rejects.toThrow(/token|identity provider/)
    expect(host.scrubber.scrub(`outcome: ${token}`)).toBe(`outcome: ${token}`)
  }
  expect(sent).toHaveLength(2)
})

test('what is asked may not hold the token that it is sent with, in whatever form; no token is known beyond its request', async () => {
  const bench = await openLab().serve()
  const principal = { issuer: 'corp', id: 'job', kind: 'service', auth: 'oidc' } as const
  const token = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJqb2IifQ.c2lnbmF0dXJl'
  const known: string[] = []
  bench.app.scrubber.follow((value) => known.push(value))
  const before = known.length
  const forms = [token, Buffer.from(token).toString('base64'), Buffer.from(token).toString('hex')]
  for (const form of forms) {
    const asked = bench.room.ask('stop-all', { principal, token }, { reason: `see ${form}` })
    await expect(asked).rejects.toThrow('the request holds the token that it is sent with')
  }
  expect(forms).toHaveLength(3)
  for (let count = 0; count < 1_000; count += 1)
    await expect(bench.room.ask('stop-all', { principal, token: `${token}${count}` }, { reason: 'x' })).rejects.toThrow(
      'the settings do not list its issuer',
    )
  expect(known.length).toBe(before)
})
