import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { netboxSettings } from '../../../../src/change/inventory/source/source-settings.ts'
import { failureText } from '../../../../src/doors/cli/outcome/failure.ts'
import { hasOpenssl, makeCertificates, type TestCertificates } from '../../../eos/transport/eapi/test-certificates.ts'
import { startService } from '../../../lab/service.ts'
import { askingProject, netboxSource, reading, sourcePorts } from './asking.ts'
import { json, netboxDevices, startNetbox, TOKENS } from './device-service.ts'

describe.skipIf(!hasOpenssl)('a NetBox over TLS (needs the openssl command)', () => {
  let made: TestCertificates
  beforeAll(() => {
    made = makeCertificates()
  })

  /** A NetBox without devices, behind a certificate. */
  const secure = (certificate: TestCertificates['signed']) =>
    startService(
      (_request, response) => json(response, 200, { count: 0, next: null, previous: null, results: [] }),
      certificate,
    )

  test('is trusted by the authority of the source, whose file lies in the project', async () => {
    const netbox = await secure(made.signed)
    const project = askingProject()
    writeFileSync(join(project.dir, 'ca.pem'), made.authority)
    expect(await project.refresh(netboxSource({ url: netbox.origin, ca: 'ca.pem' }))).toMatchObject({ count: 0 })
    expect(netbox.seen).toHaveLength(1)
  })

  test.each([
    ['without an authority', 'signed', undefined, 'name its file as ca: of the source'],
    ['with another authority', 'signed', 'other', 'name its file as ca: of the source'],
    ['for another name', 'misnamed', 'own', 'as the certificate names the service'],
  ] as const)('is not asked %s: its token stays here', async (_case, shown, authority, hint) => {
    const netbox = await secure(made[shown])
    const project = askingProject()
    writeFileSync(join(project.dir, 'ca.pem'), authority === 'own' ? made.authority : made.otherAuthority)
    const source = netboxSource({ url: netbox.origin, ...(authority === undefined ? {} : { ca: 'ca.pem' }) })
    await expect(project.refresh(source, { age: 1e9 })).rejects.toMatchObject({
      kind: 'tls',
      message: expect.stringContaining(`netbox ${netbox.origin}: the certificate is refused`),
      hint: expect.stringContaining(hint),
    })
    expect(netbox.seen).toEqual([])
  })

  test.each([
    ['that is not there', undefined, 'the certificate authority of a source cannot be read from ca.pem'],
    ['that holds none', 'no certificate', 'ca.pem holds no certificate of an authority for a source'],
  ])('an authority %s', async (_case, text, message) => {
    const netbox = await secure(made.signed)
    const project = askingProject()
    if (text !== undefined) writeFileSync(join(project.dir, 'ca.pem'), text)
    const asked = project.refresh(netboxSource({ url: netbox.origin, ca: 'ca.pem' }))
    await expect(asked).rejects.toMatchObject({ kind: 'tls', message })
    expect(netbox.seen).toEqual([])
  })
})

test('a name that leads to this machine, or to the metadata of a cloud, is not asked', async () => {
  for (const address of ['127.0.0.1', '169.254.169.254', '::1']) {
    const netbox = await startNetbox([])
    const url = `http://127.0.0.1:${netbox.port}`.replace('127.0.0.1', 'localhost')
    const settings = {
      ...netboxSettings.parse({ token: `\${env:T}`, url }),
      url: `https://netbox.example:${netbox.port}`,
    }
    const asked = reading(
      'netbox',
      settings,
      sourcePorts({
        resolveName: (_host, _options, callback) => callback(null, [{ address, family: address === '::1' ? 6 : 4 }]),
      }),
    )
    await expect(asked).rejects.toMatchObject({ kind: 'guard' })
    expect(netbox.connections()).toBe(0)
  }
})

test('a reading that is stopped asks for no further page', async () => {
  const stop = new AbortController()
  const netbox = await startNetbox(netboxDevices(9), {
    misbehave: ({ page }, answer) => {
      if (page === 2) stop.abort()
      return answer
    },
  })
  const asked = reading('netbox', { url: netbox.origin, pageSize: 3 }, sourcePorts({ signal: stop.signal }))
  await expect(asked).rejects.toMatchObject({ kind: 'cancelled' })
  expect(netbox.seen).toHaveLength(2)
})

test('a NetBox below a path', async () => {
  const paths: string[] = []
  const netbox = await startService((request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`)
    paths.push(url.pathname)
    const offset = Number(url.searchParams.get('offset') ?? 0)
    const next = new URL(url)
    next.searchParams.set('offset', String(offset + 2))
    const results = netboxDevices(3).slice(offset, offset + 2)
    json(response, 200, { count: 3, next: offset + 2 < 3 ? next.href : null, previous: null, results })
  })
  const { list } = await reading('netbox', { url: `${netbox.origin}/net/box/`, pageSize: 2 })
  expect(Object.keys(list._meta.hostvars)).toEqual(['sw1', 'sw2', 'sw3'])
  expect(paths).toEqual(['/net/box/api/dcim/devices/', '/net/box/api/dcim/devices/'])
})

test.each([
  ['in the detail of a refusal', 403, { detail: `Invalid token ${TOKENS.v1}` }, {}],
  ['in what is refused of a query', 400, { status: [`not ${TOKENS.v1}`] }, {}],
  ['in the address of a redirect', 302, {}, { location: `https://${TOKENS.v1}.evil.example/?token=${TOKENS.v1}` }],
])('a service that says the token again %s does not have it printed', async (_case, status, body, headers) => {
  const netbox = await startNetbox(netboxDevices(1), {
    misbehave: ({ response }) => {
      json(response, status, body, headers)
      return undefined
    },
  })
  const project = askingProject()
  const failed = await project.refresh(netboxSource({ url: netbox.origin })).then(
    () => expect.fail('it was read'),
    (error: Error) => error,
  )
  // As whatever leaves the process.
  const printed = project.app.scrubber.scrub(failureText(failed, { cwd: '/' }))
  expect(failureText(failed, { cwd: '/' })).toContain(`answered ${status}`)
  expect(printed).toContain(`answered ${status}`)
  expect(printed).not.toContain(TOKENS.v1)
})

describe('netbox: of sources', () => {
  const faults = (settings: Readonly<Record<string, unknown>>) =>
    netboxSettings
      .safeParse({ url: 'https://netbox.example', token: `\${env:T}`, ...settings })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? []

  test.each([
    [{}, []],
    [{ url: 'https://netbox.example/netbox/' }, []],
    [{ url: 'http://127.0.0.1:8000' }, []],
    [{ url: 'http://localhost:8000' }, []],
    [{ url: 'http://netbox.example' }, ['url: plain http would send the token in clear text']],
    [{ url: 'https://netbox.example/api/' }, ['url: the url of a source ends before /api']],
    [{ url: 'https://user:pass@netbox.example' }, [expect.stringContaining('url: the url of a source is a scheme')]],
    [{ url: 'https://netbox.example?x=1' }, [expect.stringContaining('url: the url of a source is a scheme')]],
    [{ url: 'netbox.example' }, [expect.stringContaining('url: the url of a source is a scheme')]],
    [{ token: TOKENS.v1 }, ['token: write a reference to the secret here, not the secret']],
    [{ query: { limit: 5 } }, ['query.limit: `limit` is set by eosflow itself']],
    [
      { query: { offset: 5, role: 'leaf', brief: true } },
      ['query.offset: `offset` is set by eosflow itself', 'query.brief: `brief` is set by eosflow itself'],
    ],
    [{ query: { role: [] } }, [expect.stringContaining('query.role: ')]],
    [{ verify: false }, [': Unrecognized key: "verify"']],
    [{ pageSize: 1 }, [expect.stringContaining('pageSize: ')]],
    [{ timeout: 0 }, [expect.stringContaining('timeout: ')]],
    [{ address: 'primary ip' }, ['address: a field, or a path to one with dots']],
    [{ platforms: [] }, [expect.stringContaining('platforms: ')]],
    [{ tags: { '1st': 'role.slug' } }, [expect.stringContaining('tags.1st: ')]],
  ])('%j', (settings, messages) => {
    expect(faults(settings)).toEqual(messages)
    expect(JSON.stringify(faults(settings))).not.toContain(TOKENS.v1)
  })
})
