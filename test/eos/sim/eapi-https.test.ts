import { X509Certificate } from 'node:crypto'
import { Agent, request } from 'node:https'
import { afterEach, describe, expect, test } from 'vitest'
import { Authority } from '../../../src/eos/sim/listener/authority.ts'
import { type RunningFabric, startFabric, VirtualClock } from '../../../src/testing.ts'
import { linesOf } from '../../table.ts'
import { CONFIG } from './simulate.ts'

const running: RunningFabric[] = []

async function start(config = CONFIG, managementOutside = true) {
  const device = { name: 'sw1', eos: '4.32.2F', model: 'cEOSLab', serial: 'S1', mac: '00:1c:73:00:00:01' }
  const fabric = await startFabric({
    fabric: {
      name: 'one',
      credentials: { username: 'op', password: 'pw' },
      devices: [{ ...device, config, managementOutside }],
      cabling: [],
      faults: [],
    },
    clock: new VirtualClock(),
  })
  running.push(fabric)
  return fabric
}

afterEach(async () => {
  for (const fabric of running.splice(0)) await fabric.close()
})

interface Tls {
  readonly ca?: string
  readonly key?: string
  readonly cert?: string
  readonly servername?: string
  readonly auth?: string
  readonly port?: number
}

/** Asks for the host name over HTTPS: the status, or the code of what went wrong. */
function ask(fabric: RunningFabric, { auth, ...tls }: Tls, cmds = ['show hostname']) {
  const agent = new Agent({ ...tls, maxSockets: 1 })
  const port = tls.port ?? fabric.devices[0]?.https.port
  return new Promise((resolve) => {
    const options = { agent, host: '127.0.0.1', port, path: '/command-api', method: 'POST', ...(auth ? { auth } : {}) }
    const sent = request(options, async (response) => {
      let body = ''
      for await (const chunk of response) body += String(chunk)
      agent.destroy()
      resolve(`${response.statusCode} ${body}`)
    })
    sent.once('error', (error) => resolve('code' in error ? String(error.code) : String(error)))
    sent.end(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params: { version: 1, cmds } }))
  })
}

const SHOWN = '200 {"jsonrpc":"2.0","id":1,"result":[{"fqdn":"sw1","hostname":"sw1"}]}'

describe('eAPI over HTTPS (docs/eos.md 1.1)', () => {
  test('a client that trusts the authority of the fabric is answered, by address and by the name of the switch', async () => {
    const fabric = await start()
    expect(await ask(fabric, { ca: fabric.ca, auth: 'op:pw' })).toBe(SHOWN)
    expect(await ask(fabric, { ca: fabric.ca, auth: 'op:pw', servername: 'sw1' })).toBe(SHOWN)
    expect(await ask(fabric, { ca: fabric.ca, auth: 'op:no' })).toMatch(/^401 Unable to authenticate/)
  })

  test('one that does not trust it, or means another switch, is not', async () => {
    const fabric = await start()
    expect(await ask(fabric, { auth: 'op:pw' })).toBe('SELF_SIGNED_CERT_IN_CHAIN')
    expect(await ask(fabric, { ca: new Authority().cert, auth: 'op:pw' })).toMatch(/SIGNATURE|CERT|UNABLE/)
    expect(await ask(fabric, { ca: fabric.ca, auth: 'op:pw', servername: 'sw2' })).toBe('ERR_TLS_CERT_ALTNAME_INVALID')
  })

  test('an armed fault cuts the connection of HTTPS too', async () => {
    const fabric = await start()
    await fabric.fault({ device: 'sw1', kind: 'lost-answer' })
    expect(await ask(fabric, { ca: fabric.ca, auth: 'op:pw' })).toContain('ECONNRESET')
    expect(await ask(fabric, { ca: fabric.ca, auth: 'op:pw' })).toBe(SHOWN)
  })

  test('`no protocol https` closes the port of a switch that is managed by its configuration', async () => {
    const fabric = await start(CONFIG, false)
    const asked = { ca: fabric.ca, auth: 'op:pw' }
    expect(await ask(fabric, asked)).toBe(SHOWN)
    const off = linesOf(`
      enable
      configure
      management api http-commands
      protocol http
      no protocol https
    `)
    await ask(fabric, asked, off)
    expect(await ask(fabric, asked)).toBe('ECONNREFUSED')
    expect(await (await fabric.devices[0]?.eapi('{}'))?.status).toBe(200)
  })
})

describe('client certificates: the common name is the user', () => {
  const trusting = CONFIG.replace(
    'management api http-commands\n',
    `management security
   ssl profile EAPI
      certificate sw1.crt key sw1.key
      trust certificate clients.crt
!
username alice privilege 15 role network-admin nopassword
!
management api http-commands
   protocol https ssl profile EAPI
`,
  )

  test('where the configuration trusts certificates, for a user it has, from an authority it knows', async () => {
    const fabric = await start(trusting)
    const { ca } = fabric
    expect(await ask(fabric, { ca, ...fabric.clientIdentity('alice') }, ['show hostname'])).toBe(SHOWN)
    expect(await ask(fabric, { ca, ...fabric.clientIdentity('alice') }, ['configure', 'vlan 30'])).toMatch(
      /^200 .*\[\{\},/,
    )
    expect(await ask(fabric, { ca, ...fabric.clientIdentity('op') })).toBe(SHOWN)
    expect(await ask(fabric, { ca, ...fabric.clientIdentity('mallory') })).toMatch(/^401/)
    expect(await ask(fabric, { ca, ...new Authority().clientIdentity('alice') })).toMatch(/^401/)
    expect(await ask(fabric, { ca, ...fabric.clientIdentity('alice'), auth: 'op:no' })).toMatch(/^401/)
  })

  test('nowhere else', async () => {
    const fabric = await start(trusting.replace('      trust certificate clients.crt\n', ''))
    expect(await ask(fabric, { ca: fabric.ca, ...fabric.clientIdentity('alice') })).toMatch(/^401/)
  })
})

describe('the certificates themselves', () => {
  test('an authority that signs others, and a switch with its names', () => {
    const authority = new Authority()
    const ca = new X509Certificate(authority.cert)
    const leaf = new X509Certificate(authority.serverIdentity('leaf1').cert)
    expect([ca.ca, leaf.ca]).toEqual([true, false])
    expect(ca.verify(ca.publicKey)).toBe(true)
    expect(leaf.verify(ca.publicKey)).toBe(true)
    expect(leaf.checkIssued(ca)).toBe(true)
    expect(leaf.subject).toBe('CN=leaf1')
    expect(leaf.issuer).toBe('CN=eosflow simulated switches')
    expect(leaf.subjectAltName).toBe('DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1, DNS:leaf1')
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(leaf.validTo).toBe('Dec 31 23:59:59 2049 GMT')
    expect(leaf.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
  })

  test('a thousand serial numbers are positive, at most twenty bytes, and differ', { tags: ['long', 'turn'] }, () => {
    const authority = new Authority()
    const serials = Array.from(
      { length: 1000 },
      () => new X509Certificate(authority.serverIdentity('a').cert).serialNumber,
    )
    expect(new Set(serials).size).toBe(1000)
    expect(serials.filter((serial) => serial.length > 40 || /^[89A-F].{39}$/.test(serial))).toEqual([])
  })

  test('a name that is none for DNS is in the subject only', () => {
    const { subject, subjectAltName } = new X509Certificate(new Authority().serverIdentity('Übung 1').cert)
    expect([subject, subjectAltName]).toEqual([
      'CN=Übung 1',
      'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    ])
  })
})
