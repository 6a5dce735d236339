import { defineShow } from '../format/define.ts'

/** `show management security`: where entropy comes from. What the processor is called follows from no configuration. */
export const showManagementSecurity = defineShow({
  words: 'show management security',
  docs: 'Whether hardware gives entropy, which has to be configured; the keys that ANTA reads.',
  json: ({ running }) => {
    const lines = running.children.find(({ line }) => line === 'management security')?.children ?? []
    return {
      hardwareEntropyEnabled: lines.some(({ line }) => /^entropy source .*\bhardware\b/.test(line)),
      blockedNetworkProtocols: [],
    }
  },
})

/** `show management security ssl certificate`: the switch holds none, because its flash has no folder for them. */
export const showSslCertificates = defineShow({
  words: 'show management security ssl certificate',
  docs: 'Certificates on the switch, of which there are none; the keys that ANTA reads.',
  json: () => ({ certificates: {} }),
})
