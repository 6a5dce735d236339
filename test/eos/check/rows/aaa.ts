import { errs, fails, passes, type Row, rowsOf } from './rows-of.ts'

const asked = {
  command: 'show aaa methods accounting',
  inputs: { methods: ['tacacs+', 'logging'], types: ['exec', 'system'] },
}

const used = ['group tacacs+', 'logging']

const silent = { defaultMethods: [], consoleMethods: [] }

const byDefault = (defaultMethods: readonly string[], consoleMethods: readonly string[] = []) => ({
  defaultAction: 'startStop',
  defaultMethods: [...defaultMethods],
  consoleMethods: [...consoleMethods],
})

const onConsole = (consoleMethods: readonly string[]) => ({
  consoleAction: 'startStop',
  defaultMethods: [],
  consoleMethods: [...consoleMethods],
})

/** What the checks of accounting must say. */
export const accountingAaa: readonly Row[] = [
  ...rowsOf('VerifyAcctDefaultMethods', asked, [
    passes('sessions of the console do not count', {
      execAcctMethods: { exec: byDefault(used, ['logging']) },
      systemAcctMethods: { system: byDefault(used) },
    }),
    fails(
      'one differs, one is not configured',
      { systemAcctMethods: { system: silent }, execAcctMethods: { exec: byDefault(['logging']) } },
      'AAA default accounting is not configured for system',
    ),
    fails(
      'one differs',
      { systemAcctMethods: { system: byDefault(used) }, execAcctMethods: { exec: byDefault(['logging']) } },
      'AAA accounting default methods group tacacs+, logging are not matching for exec',
    ),
    errs(
      'a type that accounting does not have',
      [],
      'the check `VerifyAcctDefaultMethods` does not accept its inputs at types.0: Invalid option: expected one of "commands"|"exec"|"system"|"dot1x"',
      { methods: ['logging'], types: ['login'] },
    ),
    errs('empty', {}, '`show aaa methods accounting` does not tell execAcctMethods'),
  ]),
  ...rowsOf('VerifyAcctConsoleMethods', asked, [
    passes('all other sessions do not count', {
      execAcctMethods: { exec: onConsole(used) },
      systemAcctMethods: { system: onConsole(used) },
    }),
    fails(
      'only default methods',
      {
        execAcctMethods: { exec: byDefault(used) },
        systemAcctMethods: { system: byDefault(used) },
      },
      'AAA console accounting is not configured for exec, system',
    ),
    errs('empty', {}, '`show aaa methods accounting` does not tell execAcctMethods'),
  ]),
]

const good = { methods: ['group radius', 'local'] }
const bad = { methods: ['local'] }

/** What the checks of authentication and authorization must say. */
export const methodsAaa: readonly Row[] = [
  ...rowsOf(
    'VerifyAuthenMethods',
    {
      command: 'show aaa methods authentication',
      empty: 'does not tell loginAuthenMethods',
      inputs: { methods: ['radius', 'local'], types: ['login', 'dot1x'] },
    },
    [
      passes('older EOS calls the list of the console login', {
        loginAuthenMethods: { default: good, login: good },
        dot1xAuthenMethods: { default: good },
      }),
      passes(
        'types that nobody asks for',
        { loginAuthenMethods: { default: bad }, enableAuthenMethods: { default: good } },
        {
          methods: ['group radius', 'local'],
          types: ['enable'],
        },
      ),
      fails(
        'all differ, two lists of one type',
        { dot1xAuthenMethods: { default: bad, guests: bad }, loginAuthenMethods: { default: bad, console: bad } },
        `
          AAA authentication methods group radius, local are not matching for login console
          AAA authentication methods group radius, local are not matching for dot1x
        `,
      ),
      fails(
        'the same methods in another order',
        { enableAuthenMethods: { default: { methods: ['local', 'group radius'] } } },
        'AAA authentication methods group radius, local are not matching for enable',
        { methods: ['radius', 'local'], types: ['enable'] },
      ),
      fails(
        'no console, and a type that is not there',
        { loginAuthenMethods: { default: bad } },
        'AAA authentication methods are not configured for login console',
      ),
    ],
  ),
  ...rowsOf(
    'VerifyAuthzMethods',
    {
      command: 'show aaa methods authorization',
      empty: 'does not tell commandsAuthzMethods',
      inputs: { methods: ['radius', 'local'], types: ['commands', 'exec'] },
    },
    [
      passes('both types', {
        commandsAuthzMethods: { 'privilege0-15': good },
        execAuthzMethods: { exec: good },
        serialConsole: {},
      }),
      fails(
        'both differ',
        { commandsAuthzMethods: { 'privilege0-15': bad, privilege1: good }, execAuthzMethods: { exec: bad } },
        'AAA authorization methods group radius, local are not matching for commands, exec',
      ),
      errs(
        'one tells no methods',
        { commandsAuthzMethods: { 'privilege0-15': good }, execAuthzMethods: { exec: {} } },
        '`show aaa methods authorization` does not tell execAuthzMethods.exec.methods',
      ),
      fails(
        'one differs, one is not there',
        { execAuthzMethods: { exec: bad } },
        'AAA authorization methods group radius, local are not matching for exec',
      ),
    ],
  ),
]

const command = 'show tacacs'

const server = (hostname: string, vrf: string) => ({ serverInfo: { hostname, vrf, authport: 49 } })

const configured = {
  tacacsServers: [server('192.0.2.1', 'MGMT'), server('192.0.2.2', 'default')],
  groups: { CORE: { serverGroup: 'TACACS+', members: [] } },
  srcIntf: { MGMT: 'Management1' },
}

const nothing = { tacacsServers: [], groups: {}, srcIntf: {} }

const unknown = (key: string) => `\`show tacacs\` answered in an unknown shape at ${key}`

/** What the checks of TACACS+ must say. */
export const tacacsAaa: readonly Row[] = [
  ...rowsOf('VerifyTacacsSourceIntf', { command, inputs: { intf: 'Management1', vrf: 'MGMT' } }, [
    passes('the interface of the VRF, whatever else is told', { srcIntf: configured.srcIntf }),
    fails(
      'another interface',
      configured,
      'VRF: MGMT - Source interface mismatch - Expected: Management0 Actual: Management1',
      { intf: 'Management0', vrf: 'MGMT' },
    ),
    fails('nothing configured', nothing, 'VRF: MGMT Source Interface: Management1 - Not configured'),
    fails('empty', {}, 'VRF: MGMT Source Interface: Management1 - Not configured'),
  ]),
  ...rowsOf('VerifyTacacsServers', { command, inputs: { servers: ['192.0.2.1'], vrf: 'MGMT' } }, [
    passes('a server of the default VRF', configured, { servers: ['192.0.2.2'] }),
    fails(
      'one of another VRF and one of none',
      configured,
      'TACACS servers 192.0.2.2, 192.0.2.3 are not configured in VRF MGMT',
      { servers: ['192.0.2.2', '192.0.2.1', '192.0.2.3'], vrf: 'MGMT' },
    ),
    fails('nothing configured', nothing, 'No TACACS servers are configured'),
    errs(
      'a name for a server',
      configured,
      'the check `VerifyTacacsServers` does not accept its inputs at servers.0: expected an IPv4 address, such as 10.0.0.1',
      { servers: ['tacacs.example.com'] },
    ),
    errs('empty', {}, unknown('tacacsServers')),
  ]),
  ...rowsOf('VerifyTacacsServerGroups', { command, inputs: { groups: ['CORE'] } }, [
    passes('the group, whatever else is told', { groups: configured.groups }),
    fails('two groups that are not there', configured, 'TACACS server group(s) EDGE, WAN are not configured', {
      groups: ['EDGE', 'CORE', 'WAN'],
    }),
    fails('nothing configured', nothing, 'No TACACS server group(s) are configured'),
    errs('empty', {}, unknown('groups')),
  ]),
]

/** What the checks of `aaa` must say. */
export const aaaChecks: readonly Row[] = [...accountingAaa, ...methodsAaa, ...tacacsAaa]
