interface PinnedAction {
  readonly name: string
  readonly commit: string
  readonly tag: string
}

/** Each commit was read from the tags of `https://github.com/NAME` on 2026-11-27, and is in the history of that repository. An action that is not here is not used: what it does is a `run:` line. */
export const PINNED_ACTIONS = {
  checkout: { name: 'actions/checkout', commit: '3d3c42e5aac5ba805825da76410c181273ba90b1', tag: 'v7.0.1' },
  setupNode: { name: 'actions/setup-node', commit: '820762786026740c76f36085b0efc47a31fe5020', tag: 'v7.0.0' },
} as const satisfies Readonly<Record<string, PinnedAction>>

/** An action as a step names it, with its tag behind it for people and for tools that update it. */
export function pinned({ name, commit, tag }: PinnedAction): string {
  return `${name}@${commit} # ${tag}`
}
