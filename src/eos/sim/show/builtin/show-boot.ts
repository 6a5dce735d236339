import { defineShow } from '../format/define.ts'

/** `show extensions`: none is installed. */
export const showExtensions = defineShow({
  words: 'show extensions',
  docs: 'Installed extensions, of which there are none; the keys that ANTA reads.',
  json: () => ({ extensions: {} }),
})

/** `show boot-extensions`. */
export const showBootExtensions = defineShow({
  words: 'show boot-extensions',
  docs: 'Extensions installed at boot, of which there are none; the keys that ANTA reads.',
  json: () => ({ extensions: [] }),
})

/** `show zerotouch`: a switch with a configuration is not provisioned by itself. */
export const showZerotouch = defineShow({
  words: 'show zerotouch',
  docs: 'Zero touch provisioning, which is off; the keys that ANTA reads.',
  json: () => ({ mode: 'disabled' }),
  text: () => 'ZeroTouch Mode: Disabled\n',
})

/** `show boot-config`. */
export const showBootConfig = defineShow({
  words: 'show boot-config',
  docs: 'The image that is booted; pyntc (JSON), ntc show_boot-config (text).',
  json: () => ({ softwareImage: 'flash:/EOS.swi', abootPassword: '(not set)', memTestIterations: 0 }),
  text: () =>
    'Software image: flash:/EOS.swi\nConsole speed: (not set)\nAboot password (encrypted): (not set)\nMemory test iterations: (not set)\n',
})

/** `show system coredump`: nothing has crashed. */
export const showCoredump = defineShow({
  words: 'show system coredump',
  docs: 'Core files, of which there are none; the keys that ANTA reads.',
  json: () => ({ mode: 'compressedDeferred', coreFiles: [] }),
})
