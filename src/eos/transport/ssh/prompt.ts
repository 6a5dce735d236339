/**
 * What the end of an EOS prompt looks like: `leaf1>`, `leaf1(s1)#`, `leaf1(config-s-eosflo-if-Et1)#`, and whatever a
 * `prompt` template puts before it (docs/eos.md 5.2). Any text may look like this: it is a hint, never a proof.
 */
export function looksLikePrompt(text: string): boolean {
  return text.length <= 200 && /^\S.*[>#] ?$/.test(text)
}

export function isSameSwitch(text: string, prompt: string): boolean {
  const host = hostPart(prompt)
  return host !== '' && text.startsWith(host) && /^(?:\([^()]*\)){0,4}[>#] ?$/.test(text.slice(host.length))
}

export function isSamePrompt(one: string, other: string): boolean {
  return withoutClock(one) === withoutClock(other)
}

export function isPrivileged(prompt: string): boolean {
  return prompt.trimEnd().endsWith('#')
}

export function isConfiguring(prompt: string): boolean {
  return /\(config[^()]*\)# ?$/.test(prompt)
}

/** Whether the prompt is that of a config session, whose name it cuts after six or ten characters (docs/eos.md 5.2). */
export function isInSession(prompt: string): boolean {
  return /\(config-s-[^()]*\)# ?$/.test(prompt)
}

const hostPart = (prompt: string) => prompt.trimEnd().replace(/(?:\([^()]*\))*[>#]$/, '')

const withoutClock = (prompt: string) => prompt.trimEnd().replace(/\d\d:\d\d:\d\d/g, '')
