import { expect, test } from 'vitest'
import { openTerminal, settled } from './in-memory-terminal.ts'
import { CONFIG, simulate } from './simulate.ts'

/** A dialogue as a client has it: key by key, with the secret at the prompt for it. */
const TYPED = [
  'enable',
  'sesame',
  'terminal length 0',
  'terminal width 32767',
  'configure session own_dialogue',
  'interface Loopback7',
  'description made by hand',
  'exit',
  'banner login',
  'Only for the network team.',
  'EOF',
  'show session-config diffs',
  'abort',
  'exit',
]

/** Written by hand after docs/eos.md 3.2 and 5: a 4.22 shows six letters of the session's name. */
const SCREEN = `Last login
sw1>enable
Password: 
sw1#terminal length 0
Pagination disabled.
sw1#terminal width 32767
Width set to 32767 columns.
sw1#configure session own_dialogue
sw1(config-s-own_di)#interface Loopback7
sw1(config-s-own_di-if-Lo7)#description made by hand
sw1(config-s-own_di-if-Lo7)#exit
sw1(config-s-own_di)#banner login
Enter TEXT message. Type 'EOF' on its own line to end.
Only for the network team.
EOF
sw1(config-s-own_di)#show session-config diffs
--- system:/running-config
+++ session:/own_dialogue-session-config
@@ -17,6 +17,9 @@
 !
 interface Ethernet2
 !
+interface Loopback7
+   description made by hand
+!
 interface Management1
    ip address 10.0.0.5/24
 !
@@ -25,4 +28,8 @@
 !
 no ip routing
 !
+banner login
+Only for the network team.
+EOF
+!
 end

sw1(config-s-own_di)#abort
sw1#exit
`

test('a dialogue over SSH prints the screen that a 4.22 prints', async () => {
  const terminal = openTerminal(simulate(CONFIG, { eos: '4.22.1F' }), {
    user: { user: 'eva', privilege: 1, enable: (secret) => secret === 'sesame' },
    size: { width: 80, length: 24 },
  })
  for (const line of TYPED) {
    for (const key of `${line}\r`) {
      terminal.shell.receive(Buffer.from(key))
      await settled()
    }
  }
  const screen = terminal.printed.replaceAll('\r', '').replace(/^Last login: .*/, 'Last login')
  expect(screen).toBe(SCREEN)
  expect(terminal.closed).toBe('exit')
})
