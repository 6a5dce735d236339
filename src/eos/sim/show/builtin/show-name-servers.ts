import { defineShow } from '../format/define.ts'

/** `show ip name-server`. */
export const showIpNameServer = defineShow({
  words: 'show ip name-server',
  docs: 'DNS servers by VRF with their priority; the keys that ANTA reads.',
  json: ({ running }) => ({
    nameServerConfigs: running.children.flatMap(({ line }) => {
      const [, vrf = 'default', servers = '', priority = '0'] =
        /^ip name-server(?: vrf (\S+))? ((?:[\d.]+ ?)+?)(?: priority (\d+))?$/.exec(line) ?? []
      return servers
        .split(' ')
        .filter((server) => server !== '')
        .map((ipAddr) => ({ ipAddr, vrf, priority: Number(priority) }))
    }),
  }),
})
