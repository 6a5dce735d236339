import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BOOT } from '../eos/transport/device-contract.ts'
import { extentOfLong } from '../extent.ts'
import {
  hasIpv6,
  isSaved,
  openLab,
  type SocketLab,
  WORKFLOW,
  whereIs,
  withoutIpv6,
  workflowFor,
  ZONED_LOOPBACK,
} from '../lab/lab.ts'

const BAD = workflowFor('leaf1', {
  verify: '{ within: 2s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }',
})

/** How the inventory reaches the switch, and who logs in there. */
type Reached = (bench: SocketLab) => { readonly device: object; readonly simulated?: true }

const WAYS: Readonly<Record<string, Reached>> = {
  'eAPI over plain HTTP': ({ fabric }) => ({
    device: { ...fabric.device('leaf1').http, protocol: 'http' },
    simulated: true,
  }),
  'eAPI at an address with a zone, its certificate proven by an authority': ({ fabric, dir }) => {
    writeFileSync(join(dir, 'ca.pem'), fabric.ca)
    return { device: { ...fabric.device('leaf1').https, host: ZONED_LOOPBACK, tls: { ca: 'ca.pem' } } }
  },
  // ssh(1) writes the zone into its file.
  'SSH at an address with a zone': ({ fabric, dir }) => {
    const { port, publicKey } = fabric.device('leaf1').ssh
    writeFileSync(join(dir, 'known_hosts'), `[${ZONED_LOOPBACK}]:${port} ${publicKey}\n`)
    return { device: { host: ZONED_LOOPBACK, port, transport: 'ssh', ssh: { knownHosts: 'known_hosts' } } }
  },
  'SSH, its host key in a file of OpenSSH': ({ fabric, dir }) => {
    const { host, port, publicKey } = fabric.device('leaf1').ssh
    writeFileSync(join(dir, 'known_hosts'), `[::1]:${port} ${publicKey}\n`)
    return { device: { host, port, transport: 'ssh', ssh: { knownHosts: 'known_hosts' } } }
  },
}

/** The one with most of what only an address of IPv6 has: `npm run test:long`. */
const OF_LONG = 'eAPI at an address with a zone, its certificate proven by an authority'

describe.skipIf(!hasIpv6)(`a switch at an address of IPv6${withoutIpv6}`, () => {
  test.each(Object.entries(WAYS).filter(([way]) => extentOfLong(way === OF_LONG, true)))(
    'is changed, and put back, over %s',
    { tags: ['long', 'turn'] },
    async (_over, reached) => {
      const bench = await openLab({
        world: 'sockets',
        switches: { config: BOOT, eos: '4.32.2F', name: 'leaf1', host: '::1', password: 'invented-5Qd' },
        files: { 'workflow.yaml': WORKFLOW, 'bad.yaml': BAD },
      })
      const leaf1 = bench.device('leaf1')
      expect([leaf1.http.host, leaf1.https.host, leaf1.ssh.host]).toEqual(['::1', '::1', '::1'])
      const { device, simulated } = reached(bench)
      const { host, port } = device as { readonly host: string; readonly port: number }
      writeFileSync(join(bench.dir, 'secret'), leaf1.password, { mode: 0o600 })
      bench.write(
        'inventory.yaml',
        JSON.stringify({
          defaults: { credentials: 'operator' },
          credentials: {
            operator:
              simulated === true
                ? { username: leaf1.username, password: leaf1.password, simulated }
                : { username: leaf1.username, password: `\${file:${join(bench.dir, 'secret')}}` },
          },
          devices: { leaf1: { ...device, tags: { mlag: 'leaf1' } } },
        }),
      )
      const change = (file: string) => bench.eosflowWith({ answers: ['yes'] }, 'run', file)
      const bad = await change('bad.yaml')
      expect([bad.code, whereIs(leaf1)], bad.out + bad.err).toEqual([6, 'BEFORE'])
      const good = await change('workflow.yaml')
      expect([good.code, whereIs(leaf1), isSaved(leaf1)], good.out + good.err).toEqual([0, 'AFTER', true])
      const doctor = await bench.eosflow('doctor --all')
      expect(doctor.out + doctor.err).toContain(`${host} port ${port}`)
    },
  )
})
