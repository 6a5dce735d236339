import { defineShow, type ShowContext } from '../format/define.ts'

/** `show banner login`. */
export const showBannerLogin = defineShow({
  words: 'show banner login',
  docs: 'The text before the login; the keys that ANTA reads.',
  json: (context) => ({ loginBanner: banner(context, 'login') }),
  text: (context) => banner(context, 'login'),
})

/** `show banner motd`. */
export const showBannerMotd = defineShow({
  words: 'show banner motd',
  docs: 'The text after the login; the keys that ANTA reads.',
  json: (context) => ({ motd: banner(context, 'motd') }),
  text: (context) => banner(context, 'motd'),
})

function banner({ running }: ShowContext, which: string): string {
  const node = running.children.find(({ line }) => line === `banner ${which}`)
  const rows = (node?.body ?? []).flat().filter((row) => row.trim() !== 'EOF')
  return rows.length === 0 ? '' : `${rows.join('\n')}\n`
}
