import { describe, expect, test } from 'vitest'
import { table } from '../../table.ts'
import { openTerminal } from './in-memory-terminal.ts'
import { CONFIG, simulate } from './simulate.ts'

const GREETING = 'Last login: Sun Jan  4 04:13:20 2026 from 127.0.0.1\r\n'

describe('login', () => {
  test('greets with the last login, then prompts without privilege', () => {
    const terminal = openTerminal(simulate(), { user: { privilege: 1 } })
    expect(terminal.printed).toBe(`${GREETING}sw1>`)
  })

  test('a user sees the login before, with its address, and reads the banner', async () => {
    const simulated = simulate(CONFIG.replace('hostname sw1\n', 'hostname sw1\n!\nbanner motd\nBe careful.\nEOF\n'))
    openTerminal(simulated, { address: '192.0.2.7' })
    await simulated.clock.advance(3_600_000)
    expect(openTerminal(simulated).printed).toBe(
      'Last login: Mon Jan  5 08:00:00 2026 from 192.0.2.7\r\nBe careful.\r\nsw1#',
    )
  })

  test('without a terminal there is neither echo nor prompt', async () => {
    const terminal = openTerminal(simulate(), { size: undefined })
    expect(await terminal.lines('show hostname', 'exit')).toBe('Hostname: sw1\nFQDN:     sw1\n')
    expect(terminal.closed).toBe('exit')
  })
})

describe('keys', () => {
  const keys = async (...typed: readonly string[]) => {
    const terminal = openTerminal(simulate())
    let printed = ''
    for (const key of typed) printed += await terminal.type(key)
    return printed
  }

  test('each character is echoed as it arrives', async () => {
    const terminal = openTerminal(simulate())
    expect(await terminal.type('s')).toBe('s')
    expect(await terminal.type('how')).toBe('how')
    expect(await terminal.type('\b')).toBe('\b \b')
  })

  test.each([
    ['backspace', ['foo\u007f\u007f\u007f', '\r'], 'foo\b \b\b \b\b \b\r\nsw1#'],
    ['backspace at the prompt', ['\u007f'], ''],
    ['Ctrl-U', ['abc', '\u0015'], 'abc\b \b\b \b\b \b'],
    ['Ctrl-W', ['ab cd', '\u0017'], 'ab cd\b \b\b \b'],
    ['Ctrl-C', ['show', '\u0003'], 'show^C\r\nsw1#'],
    ['Ctrl-D within a line', ['show', '\u0004'], 'show'],
    ['both line ends', ['\r', '\n', '\r\n'], '\r\nsw1#\r\nsw1#\r\nsw1#\r\nsw1#'],
    ['other control characters', ['\u0000\u0001\u0007\u001b[5~\u001bx'], ''],
    ['Tab', ['sh\t', 'host\t'], 'show hostname '],
    ['Tab where several words fit', ['show ho\t', 'co\t'], 'show hostname co'],
  ])('%s', async (_name, typed, printed) => {
    expect(await keys(...typed)).toBe(printed)
  })

  test('the up key brings back the line before', async () => {
    expect(await keys('show hostname\r', '\u001b[A')).toBe(
      'show hostname\r\nHostname: sw1\r\nFQDN:     sw1\r\nsw1#show hostname',
    )
  })

  test('? lists the words that fit and goes on with the line', async () => {
    expect(await keys('show configuration ?')).toBe(
      'show configuration ?\r\n  checkpoints\r\n  sessions\r\nsw1#show configuration ',
    )
    expect(await keys('show hostname ?')).toBe('show hostname ?\r\n  <cr>\r\nsw1#show hostname ')
    expect(await keys('bogus ?')).toBe('bogus ?\r\n  % Unrecognized command\r\nsw1#bogus ')
  })

  test('a line of text that arrives in one piece is done line by line', async () => {
    expect(await keys('configure\r\rinterface Ethernet2\rend\r')).toBe(
      'configure\r\nsw1(config)#\r\nsw1(config)#interface Ethernet2\r\nsw1(config-if-Et2)#end\r\nsw1#',
    )
  })

  test('at the right margin the echo goes on in the next row', async () => {
    const terminal = openTerminal(simulate(), { size: { width: 10, length: 0 } })
    expect(await terminal.type('abcdefghijklmnopqrstu')).toBe('abcdef \rghijklmnop \rqrstu')
  })
})

describe('enable', () => {
  test.each([
    ['enable', 'sesame', 'enable\r\nPassword: \r\nsw1#'],
    ['en', 'sesame', 'en\r\nPassword: \r\nsw1#'],
    ['enable', 'wrong', 'enable\r\nPassword: \r\n% Bad secret\r\nsw1>'],
  ])('%s with %s', async (command, secret, printed) => {
    const terminal = openTerminal(simulate(), { user: { privilege: 1, enable: (typed) => typed === 'sesame' } })
    expect(await terminal.lines(command, secret)).toBe(printed)
  })

  test.each([
    ['aaa authentication enable default group tacacs+ local', 'enable\r\nPassword:\r\nsw1#'],
    ['aaa authentication enable default group OURS local', 'enable\r\nPassword:\r\nsw1#'],
    ['aaa authentication enable default group radius local', 'enable\r\nPassword: \r\nsw1#'],
    ['aaa authentication enable default local', 'enable\r\nPassword: \r\nsw1#'],
  ])('under `%s`', async (line, printed) => {
    const group = 'aaa group server tacacs+ OURS\n   server 10.0.0.9\n!\n'
    const switched = simulate(CONFIG.replace('hostname sw1\n', `${group}${line}\n!\nhostname sw1\n`))
    const terminal = openTerminal(switched, { user: { privilege: 1, enable: () => true } })
    expect(await terminal.lines('enable', 'sesame')).toBe(printed)
  })

  test('asks nothing where there is no secret, and disable goes back', async () => {
    const terminal = openTerminal(simulate(), { user: { privilege: 1 } })
    expect(await terminal.lines('enable', 'disable')).toBe('enable\r\nsw1#disable\r\nsw1>')
  })

  test('Ctrl-C withdraws the question', async () => {
    const terminal = openTerminal(simulate(), { user: { privilege: 1, enable: () => true } })
    expect(await terminal.type('enable\r\u0003')).toBe('enable\r\nPassword: ^C\r\nsw1>')
  })
})

describe('refusals', () => {
  test.each([
    ['bogus', '% Invalid input'],
    ['show bogus', '% Invalid input'],
    ['show', '% Incomplete command'],
    ['show l', '% Ambiguous command'],
    ['configure session', ''],
    ['show hostname | nothing', '% Invalid input'],
    ['show logging | json', '{\r\n    "errors": [\r\n        "This is an unconverted command"\r\n    ]\r\n}'],
    ['end', '% Invalid input'],
  ])('%s', async (line, words) => {
    const terminal = openTerminal(simulate())
    const printed = await terminal.lines(line)
    expect(printed.slice(line.length + 2, printed.lastIndexOf('sw1'))).toBe(words === '' ? '' : `${words}\r\n`)
  })

  test('a privileged command without privilege', async () => {
    const terminal = openTerminal(simulate(), { user: { privilege: 1 } })
    expect(await terminal.lines('show running-config')).toBe(
      'show running-config\r\n% Invalid input (privileged mode required)\r\nsw1>',
    )
  })

  test('what a line says can be wrong too', async () => {
    const terminal = openTerminal(simulate())
    const printed = await terminal.lines('conf t', 'int et2', 'ip address 10.0.0.5/24')
    expect(printed).toContain('% Address 10.0.0.5 is already assigned to interface Management1\r\n')
  })
})

describe('abbreviations', () => {
  test.each([
    ['sh ver | i Software', 'Software image version: 4.31.4M\r\n'],
    ['sho run int et1', 'interface Ethernet1\r\n   description to-core\r\n'],
    ['wr', 'Copy completed successfully.\r\n'],
    ['sh run | sec vlan', 'vlan 10\r\n   name USERS\r\n'],
    ['show hostname | json', '{\r\n    "fqdn": "sw1",\r\n    "hostname": "sw1"\r\n}\r\n'],
    ['sh run | inc ^hostname', 'hostname sw1\r\n'],
    ['term len 0', 'Pagination disabled.\r\n'],
    ['terminal width 32767', 'Width set to 32767 columns.\r\n'],
    ['ter wid 511', 'Width set to 511 columns.\r\n'],
  ])('%s', async (line, printed) => {
    expect(await openTerminal(simulate()).lines(line)).toBe(`${line}\r\n${printed}sw1#`)
  })
})

describe('aliases', () => {
  const simulated = () =>
    simulate(
      `alias h show hostname\nalias show show hostname\nalias port\n   10 configure\n   20 interface Ethernet%1\n${CONFIG}`,
    )

  test.each([
    ['h', 'h\r\nHostname: sw1\r\nFQDN:     sw1\r\nsw1#'],
    ['h | include FQDN', 'h | include FQDN\r\nFQDN:     sw1\r\nsw1#'],
    ['show', 'show\r\nHostname: sw1\r\nFQDN:     sw1\r\nsw1#'],
    ['port 2', 'port 2\r\nsw1(config-if-Et2)#'],
  ])('%s', async (line, printed) => {
    expect(await openTerminal(simulated()).lines(line)).toBe(printed)
  })

  test('a line typed after one waits for all of it', async () => {
    expect(await openTerminal(simulated()).lines('port 2', 'exit')).toBe(
      'port 2\r\nsw1(config-if-Et2)#exit\r\nsw1(config)#',
    )
  })
})

describe('prompts', () => {
  test.each(table`
    interface Ethernet1              if-Et1
    interface po10                   if-Po10
    int lo0                          if-Lo0
    interface vlan 10                if-Vl10
    interface Management1            if-Ma1
    interface Ethernet1-2            if-Et1-2
    vlan 90                          vlan-90
    ip access-list MGMT              acl-MGMT
    ip access-list standard SRC      std-acl-SRC
    router bgp 65001                 router-bgp
    router ospf 1                    router-ospf
    route-map IN permit 10           route-map-IN
    management api http-commands     mgmt-api-http-cmds
    management ssh                   mgmt-ssh
    control-plane                    cp
    vrf instance BLUE                vrf-BLUE
    mlag configuration               mlag
    spanning-tree mst configuration  mst
  `)('%s', async (line, mode) => {
    const printed = await openTerminal(simulate()).lines('configure', line)
    expect(printed.split('\r\n').at(-1)).toBe(`sw1(config-${mode})#`)
  })

  test('modes inside modes, and out of them', async () => {
    const terminal = openTerminal(simulate())
    const printed = await terminal.lines('conf', 'router bgp 65001', 'vrf BLUE', 'exit', 'exit', 'exit')
    expect(printed.split('\r\n').map((row) => /^[^#]*#/.exec(row)?.[0])).toEqual([
      undefined,
      'sw1(config)#',
      'sw1(config-router-bgp)#',
      'sw1(config-router-bgp-vrf-BLUE)#',
      'sw1(config-router-bgp)#',
      'sw1(config)#',
      'sw1#',
    ])
  })

  test.each([
    ['4.22.1F', 'longse'],
    ['4.25.4M', 'longse'],
    ['4.32.2F', 'longsessio'],
    ['4.35.0F', 'longsessio'],
  ])('on %s the name of a session is cut to %s', async (eos, cut) => {
    const terminal = openTerminal(simulate(CONFIG, { eos }))
    const printed = await terminal.lines('configure session longsessionname', 'interface Ethernet1')
    expect(printed.split('\r\n').slice(1)).toEqual([
      `sw1(config-s-${cut})#interface Ethernet1`,
      `sw1(config-s-${cut}-if-Et1)#`,
    ])
  })

  test('a new host name shows at once: with the commit, or with the line', async () => {
    const terminal = openTerminal(simulate())
    const committed = await terminal.lines('configure session s', 'hostname foo', 'commit timer 0:05:00')
    expect(committed.split('\r\n').at(-1)).toBe('foo#')
    const typed = await terminal.lines('configure session s commit', 'conf t', 'hostname bar')
    expect(typed.split('\r\n').at(-1)).toBe('bar(config)#')
  })

  test('a template of the configuration', async () => {
    const terminal = openTerminal(simulate(`prompt %H[%D{%H:%M:%S}]%v%P\n${CONFIG}`))
    expect((await terminal.lines('')).split('\r\n').at(-1)).toBe('sw1[08:00:00]#')
  })
})

describe('texts', () => {
  test('a banner is asked for until EOF', async () => {
    const simulated = simulate()
    const terminal = openTerminal(simulated)
    expect(await terminal.lines('configure', 'banner login')).toBe(
      "configure\r\nsw1(config)#banner login\r\nEnter TEXT message. Type 'EOF' on its own line to end.\r\n",
    )
    expect(await terminal.lines('Who?  ', '', '! me', 'EOF')).toBe('Who?  \r\n\r\n! me\r\nEOF\r\nsw1(config)#')
    expect(await simulated.text('show running-config | section banner')).toContain('banner login\n')
    expect(await simulated.text('show running-config')).toContain('banner login\nWho?  \n\n! me\nEOF\n')
  })

  test('Ctrl-C leaves a text without effect', async () => {
    const simulated = simulate()
    const before = simulated.device.running
    const terminal = openTerminal(simulated)
    await terminal.lines('configure', 'banner login', 'half')
    expect(await terminal.type('\u0003')).toBe('^C\r\nsw1(config)#')
    expect(simulated.device.running).toBe(before)
  })

  test('copy terminal: session-config reads until Ctrl-D and names the lines it does not take', async () => {
    const simulated = simulate()
    const terminal = openTerminal(simulated)
    await terminal.lines('configure session paste', 'copy terminal: session-config')
    const pasted = await terminal.type(
      'interface Ethernet2\r   description pasted\rnonsense\rbanner motd\rhello\rEOF\rhostname sw9\r\u0004',
    )
    expect(pasted.split('\r\n').slice(-5)).toEqual([
      '',
      '> nonsense',
      '% Invalid input at line 3',
      'Copy completed successfully.',
      'sw1(config-s-paste)#',
    ])
    await terminal.lines('commit')
    const running = await simulated.text('show running-config')
    expect(running).toContain('interface Ethernet2\n   description pasted\n!')
    expect(running).toContain('banner motd\nhello\nEOF\n')
    expect(running).toContain('\nhostname sw9\n')
  })
})

describe('paging', () => {
  const page = (length: number) => {
    const simulated = simulate()
    return openTerminal(simulated, { size: { width: 80, length } })
  }

  test('stops before the screen is full; a blank, Enter and q go on', async () => {
    const terminal = page(5)
    expect(await terminal.lines('show running-config')).toBe(
      [
        'show running-config',
        '! Command: show running-config',
        '! device: sw1 (DCS-7050SX3-48YC8, EOS-4.31.4M)',
        '!',
        '! boot system flash:/EOS.swi',
        ' --More-- ',
      ].join('\r\n'),
    )
    expect(await terminal.type('\r')).toBe('\r          \r!\r\n --More-- ')
    expect(await terminal.type(' ')).toBe(
      '\r          \rmanagement api http-commands\r\n   no shutdown\r\n!\r\nhostname sw1\r\n --More-- ',
    )
    expect(await terminal.type('x')).toBe('')
    expect(await terminal.type('q')).toBe('\r          \rsw1#')
  })

  test('terminal length 0 and | no-more show everything', async () => {
    const terminal = page(5)
    expect(await terminal.lines('show running-config | no-more')).not.toContain('--More--')
    await terminal.lines('terminal length 0')
    expect(await terminal.lines('show running-config')).not.toContain('--More--')
    expect(await terminal.lines('terminal length 4')).toBe('terminal length 4\r\nPagination set to 4 lines.\r\nsw1#')
    expect(await terminal.lines('show running-config')).toContain('--More--')
  })

  test('without paging, rows wider than the terminal do not stop it either', async () => {
    const terminal = openTerminal(simulate(), { size: { width: 10, length: 24 } })
    await terminal.lines('terminal length 0')
    const printed = await terminal.lines('show running-config')
    expect(printed.trimEnd().split('\r\n').slice(-2)).toEqual(['end', 'sw1#'])
    expect(printed).not.toContain('--More--')
  })

  test('a row wider than the terminal takes two', async () => {
    const terminal = openTerminal(simulate(), { size: { width: 40, length: 3 } })
    const printed = await terminal.lines('show running-config')
    expect(printed.split('\r\n').slice(1)).toEqual(['! Command: show running-config', ' --More-- '])
  })
})

describe('the end', () => {
  test.each([['exit'], ['logout'], ['quit'], ['ex']])('%s logs out', async (word) => {
    const simulated = simulate()
    const terminal = openTerminal(simulated)
    expect(await terminal.lines(word)).toBe(`${word}\r\n`)
    expect(terminal.closed).toBe('exit')
    expect(simulated.device.terminals.all()).toEqual([])
  })

  test('Ctrl-D leaves a mode, then the switch; Ctrl-Z leaves config mode', async () => {
    const terminal = openTerminal(simulate())
    await terminal.lines('configure', 'interface Ethernet1')
    expect(await terminal.type('\u0004')).toBe('\r\nsw1(config)#')
    await terminal.lines('interface Ethernet1')
    expect(await terminal.type('\u001a')).toBe('^Z\r\nsw1#')
    await terminal.type('\u0004')
    expect(terminal.closed).toBe('exit')
  })

  test('an idle terminal is closed after the minutes of the configuration', async () => {
    const simulated = simulate(`${CONFIG.replace(/end\n$/, '')}management ssh\n   idle-timeout 10\n!\nend\n`)
    const terminal = openTerminal(simulated)
    await simulated.clock.advance(9 * 60_000)
    await terminal.type('s')
    await simulated.clock.advance(9 * 60_000)
    expect(terminal.closed).toBeUndefined()
    await simulated.clock.advance(60_000)
    expect(terminal.closed).toBe('exit')
  })

  test('reload asks, and takes the connection with it', async () => {
    const simulated = simulate(CONFIG, { behaviour: { bootSeconds: 60 } })
    const terminal = openTerminal(simulated)
    expect(await terminal.lines('reload')).toBe('reload\r\nProceed with reload? [confirm]')
    expect(await terminal.lines('n')).toBe('n\r\nsw1#')
    await terminal.lines('reload', 'y')
    expect(terminal.closed).toBe('lost')
    expect(simulated.device.up).toBe(false)
  })
})
