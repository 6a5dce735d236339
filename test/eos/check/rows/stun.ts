import { errs, fails, passes, type Row, rowsOf } from './rows-of.ts'

const COMMAND = 'show stun client translations 192.0.2.1 4500'
const inputs = {
  stun_clients: [
    { source_address: '192.0.2.1', public_address: '203.0.113.1', public_port: 6000 },
    { source_address: '192.0.2.2', source_port: 4501 },
  ],
}
const bound = (ip: string, port: number) => ({ bindings: { '0a01': { publicAddress: { ip, port } } } })

const clientRows = (check: string) =>
  rowsOf(check, { command: COMMAND, inputs }, [
    passes('as given; any translation where nothing is given', [bound('203.0.113.1', 6000), bound('203.0.113.2', 1)]),
    passes('only the port is given', bound('203.0.113.9', 6000), {
      stun_clients: [{ source_address: '192.0.2.1', public_port: 6000 }],
    }),
    fails(
      'another address and port, and no translation',
      [bound('203.0.113.9', 6001), { bindings: {} }],
      `
        Client 192.0.2.1 Port: 4500 - Incorrect public-facing address - Expected: 203.0.113.1 Actual: 203.0.113.9
        Client 192.0.2.1 Port: 4500 - Incorrect public-facing port - Expected: 6000 Actual: 6001
        Client 192.0.2.2 Port: 4501 - STUN client translation not found
      `,
    ),
    fails(
      'a translation that does not say to what',
      [{ bindings: { '0a01': {} } }, bound('203.0.113.2', 1)],
      `
        Client 192.0.2.1 Port: 4500 - Incorrect public-facing address - Expected: 203.0.113.1 Actual: None
        Client 192.0.2.1 Port: 4500 - Incorrect public-facing port - Expected: 6000 Actual: None
      `,
    ),
    errs(
      'the second client is not answered',
      bound('203.0.113.1', 6000),
      '`show stun client translations 192.0.2.2 4501` was not answered',
    ),
    errs('empty', [{}, {}], `\`${COMMAND}\` answered in an unknown shape at bindings`),
  ])

/** What the checks of `stun` must say. */
export const stunChecks: readonly Row[] = [
  ...clientRows('VerifyStunClient'),
  ...clientRows('VerifyStunClientTranslation'),
  ...rowsOf('VerifyStunServer', { command: 'show stun server status' }, [
    passes('enabled and running', { enabled: true, pid: 1895 }),
    fails('neither', { enabled: false, pid: 0 }, 'STUN server status is disabled and not running'),
    fails('empty', {}, 'STUN server status is disabled'),
  ]),
]
