import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { exits, fileText, inProcess, json, openLab, prints, warns } from '../../lab/lab.ts'

const CATALOG = `anta.tests.mlag:
  - VerifyMlagStatus:
      filters: { tags: [leaf1, leaf2] }
eosflow:
  - reachable
  - vlans-present: { vlans: 110 }
`

describe('check run', () => {
  test('verifies every switch and changes none', async () => {
    const lab = openLab({ files: { 'checks.yaml': CATALOG } })
    const { out } = await lab.ok('check run -t', 'leaf1 or leaf2')
    expect(out).toBe(`leaf1   3 passed
  ✔ VerifyMlagStatus
  ✔ reachable         answered over a new connection
  ✔ vlans-present     1 active

leaf2   3 passed
  ✔ VerifyMlagStatus
  ✔ reachable         answered over a new connection
  ✔ vlans-present     1 active

Checks: 6 results on 2 switches · 6 passed
`)
    for (const device of lab.fabric.devices)
      expect(device.counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
    expect(lab.device('leaf1').requests()).toHaveLength(1)
  })

  test('fails with 6, says what was expected, and writes what CI and people read', async () => {
    const lab = openLab({ files: { 'catalog.yaml': '- vlans-present: { vlans: 998 }\n- reachable\n' } })
    const reports = ['--junit', 'checks.xml', '--csv', 'checks.csv']
    const ended = await prints(
      6,
      lab.eosflow('check run catalog.yaml -t leaf1', ...reports, '--hide', 'success'),
      '✗ vlans-present  VLAN 998 - expected: active, actual: not there\n',
      'look at: show vlan\n',
      'Next: eosflow check show vlans-present\n',
    )
    expect(ended.out).not.toContain('✔')
    expect(fileText(lab.dir, 'checks.xml')).toContain('tests="2" failures="1" errors="0"')
    expect(fileText(lab.dir, 'checks.csv')).toContain('"leaf1","vlans-present","failure",')
    expect(await json(lab.exits(6, 'check run catalog.yaml -t leaf1 --json'))).toMatchObject({
      kind: 'check-results',
      summary: { success: 1, failure: 1 },
    })
    await prints(6, lab.eosflow('check run catalog.yaml -t leaf1 --markdown'), '| leaf1 | 1 | 1 | 0 | 0 |')
  })

  test('asks again within the time that it is given', async () => {
    const lab = openLab({ files: { 'catalog.yaml': '- bgp-established\n' } })
    const [peer = ''] = Object.keys(await peersOf(lab.device('leaf1')))
    lab.fault({ device: 'leaf1', kind: 'bgp-peer-down', peer, for: 40 })
    await lab.exits(6, 'check run catalog.yaml -t leaf1')
    await lab.ok('check run catalog.yaml -t leaf1 --within 3m')
    expect(lab.clock.monotonic()).toBeLessThan(120_000)
  })

  test('compares with a snapshot where a check needs one', async () => {
    const lab = openLab({ files: { 'catalog.yaml': '- lldp-as-before\n' } })
    await prints(
      6,
      lab.eosflow('check run catalog.yaml -t leaf1'),
      '! lldp-as-before  the snapshot did not read the state area `lldp` before the change',
    )
    await lab.ok('snapshot take before -t leaf1')
    await lab.ok('check run catalog.yaml -t leaf1 --since before')
  })

  test('a switch that does not answer is no pass: 10, and the others are judged', async () => {
    const lab = openLab({ files: { 'checks.yaml': '- reachable\n- vlans-present: { vlans: 110 }\n' } })
    lab.fault({ device: 'leaf1', kind: 'unreachable' })
    await prints(10, lab.eosflow('check run -t', 'leaf1 or leaf2'), 'leaf1   2 not judged\n', 'leaf2   2 passed\n')
  })

  test.each(
    everyNth(4, 'checks that cannot be run', [
      ['check run', 'the project has no checks.yaml'],
      ['check run catalog.yaml --tags spine', 'no check of the catalog applies to any of these switches'],
      ['check run catalog.yaml --only VerifyNTP', 'the catalog has no check VerifyNTP'],
      ['check run catalog.yaml --hide fail', '`fail` is no status: failure, error, skipped, success'],
      ['check run catalog.yaml --by site', '`site` is neither device nor check'],
      ['check run catalog.yaml --within long', '`long` is no time'],
      ['check run absent.yaml', 'there is no such file'],
      ['check show VerifyNothing', 'there is no check `VerifyNothing`'],
    ]),
  )('%j is 3: %s', async (argv, message) => {
    const lab = openLab({ files: { 'catalog.yaml': '- reachable:\n    filters: { tags: [leaf] }\n' } })
    await warns(3, lab.eosflow(argv), message)
    expect(lab.requests()).toBe(0)
  })
})

describe('the catalogue', () => {
  test('is listed whole, or by a word', { tags: 'long' }, async () => {
    const lab = openLab()
    const all = await json(lab.eosflow('check list --json'))
    expect(all.checks.length).toBeGreaterThan(200)
    const some = (await lab.eosflow('check list mlag')).out
    expect(some).toContain('anta.tests.mlag\n')
    expect(some).toContain('  VerifyMlagStatus (mlag-status)\n')
    expect(some).not.toContain('VerifyNTP')
  })

  test('shows a check under each of its names, with an example that a catalog reads', async () => {
    const lab = openLab()
    const { out } = await prints(
      0,
      lab.eosflow('check show VerifyBGPPeersHealth'),
      /\S\n\nNext: eosflow check try VerifyBGPPeersHealth\n$/,
      'anta.tests.routing.bgp   also: bgp-health\n',
      '  show bgp neighbors vrf all   (revision 2)\n',
    )
    const example = out.slice(out.indexOf('Example\n') + 8, out.indexOf('\nNext: '))
    lab.write('catalog.yaml', example)
    await prints(6, lab.eosflow('check run catalog.yaml -t leaf1'), 'VerifyBGPPeersHealth')
    await prints(0, lab.eosflow('check show bgp-health'), '  address_families: list, required')
  })

  test('judges saved answers', async () => {
    const lab = openLab()
    lab.write('mlag.json', '{"state":"active","negStatus":"connected","peerLinkStatus":"down","localIntfStatus":"up"}')
    await prints(
      0,
      lab.eosflow('check try VerifyMlagStatus'),
      '  show mlag | json\nNext: eosflow check try VerifyMlagStatus --output 1.json\n',
    )
    await prints(
      6,
      lab.eosflow('check try VerifyMlagStatus --output mlag.json'),
      'Operational state of the MLAG peer link is not correct - Expected: up Actual: down',
    )
    await warns(
      3,
      lab.eosflow('check try VerifyMlagStatus --output mlag.json --output mlag.json'),
      'VerifyMlagStatus asks 1 command, and 2 answers are given',
    )
    const inputs = await lab.eosflow('check try VerifyMlagStatus --inputs', '{verbose: true}')
    expect(inputs.err).toContain('--inputs, character 2: the key `verbose` is not known')
  })
})

async function peersOf(device: { eapi: (body: string) => Promise<{ body: string }> }) {
  const body = JSON.stringify({
    jsonrpc: '2.0',
    method: 'runCmds',
    params: { version: 1, cmds: ['show ip bgp summary'], format: 'json' },
    id: 'peers',
  })
  const { result } = JSON.parse((await device.eapi(body)).body)
  return result[0].vrfs.default.peers
}

test('the reference of checks is what `check list --markdown` prints', async () => {
  const page = readFileSync(new URL('../../../docs/reference/checks-reference.md', import.meta.url), 'utf8')
  const { stdout } = await exits(0, inProcess('check list --markdown'))
  expect(page.match(/^\| `/gm)?.length).toBeGreaterThan(210)
  // After a change: node --import tsx src/doors/cli/main.ts check list --markdown > docs/reference/checks-reference.md
  expect(page).toBe(stdout)
})
