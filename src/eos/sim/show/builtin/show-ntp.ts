import type { ConfigTree } from '../../../config/text/tree.ts'
import { defineShow } from '../format/define.ts'

/** How far from a reference clock a time server outside the fabric is said to be; nothing in the fabric says it. */
const STRATUM = 2

/** `show ntp status`: the servers lie outside the fabric and are taken to answer. */
export const showNtpStatus = defineShow({
  words: 'show ntp status',
  docs: 'Whether the clock is synchronised; anta (text).',
  text: ({ running, state: { ailments } }) => {
    if (servers(running).length === 0) return 'NTP is disabled.\n'
    return ailments.clockAdrift ? 'unsynchronised\npoll interval unknown\n' : 'synchronised\npoll interval unknown\n'
  },
})

/** `show ntp associations`: the first preferred server is the one in use. */
export const showNtpAssociations = defineShow({
  words: 'show ntp associations',
  docs: 'The time servers; anta (JSON).',
  json: ({ running }) => ({
    peers: Object.fromEntries(
      servers(running).map((server, at) => [
        server,
        { condition: at === 0 ? 'sys.peer' : 'candidate', peerIpAddr: server, stratumLevel: STRATUM },
      ]),
    ),
  }),
  text: ({ running }) => {
    const rows = servers(running).map(
      (server, at) =>
        `${at === 0 ? '*' : '+'}${server.padEnd(16)} .GPS.            ${STRATUM} u    - 1024  377    0.000    0.000   0.000`,
    )
    const head = ['     remote           refid      st t when poll reach   delay   offset  jitter', '='.repeat(78)]
    return [...head, ...rows].map((line) => `${line}\n`).join('')
  },
})

/** The configured servers, preferred ones first. */
function servers(running: ConfigTree): readonly string[] {
  const found = running.children.flatMap(({ line }) => {
    const [, server, options = ''] = /^ntp server (?:vrf \S+ )?(\S+)(.*)$/.exec(line) ?? []
    return server === undefined ? [] : [{ server, preferred: options.includes(' prefer') }]
  })
  return [...found].sort((a, b) => Number(b.preferred) - Number(a.preferred)).map(({ server }) => server)
}
