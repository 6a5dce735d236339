/** The addresses of the pages, so that a link and its route cannot part. Each part of a path is percent-encoded (RFC 3986 2.1). */
export const address = {
  overview: '/',
  executions: '/executions',
  execution: (id: string) => `/executions/${encoded(id)}`,
  approval: (digest: string) => `/plans/${encoded(digest)}`,
  decide: (digest: string) => `/plans/${encoded(digest)}/decisions`,
  startPlan: (digest: string) => `/plans/${encoded(digest)}/executions`,
  rebase: (digest: string) => `/plans/${encoded(digest)}/rebase`,
  rehearsal: (digest: string) => `/plans/${encoded(digest)}/rehearsal`,
  challenges: (digest: string) => `/api/v1/plans/${encoded(digest)}/challenges`,
  decisions: (digest: string) => `/api/v1/plans/${encoded(digest)}/decisions`,
  /** The form that asks before one of these acts on an execution; the answer is posted to the same address. */
  act: (id: string, act: 'stop' | 'resume' | 'redrive' | 'rollback' | 'suspend') => `/executions/${encoded(id)}/${act}`,
  records: (id: string) => `/executions/${encoded(id)}/records`,
  report: (id: string) => `/executions/${encoded(id)}/report.html`,
  workflows: '/workflows',
  workflow: (file: string) => `/workflows/${file.split('/').map(encoded).join('/')}`,
  switches: '/switches',
  switch: (name: string) => `/switches/${encoded(name)}`,
  /** Posted to: reads switches and compares them with what was confirmed; `switch` names one of them. */
  driftChecks: '/drift-checks',
  snapshots: '/snapshots',
  snapshotCompare: '/snapshots/diff',
  schedules: '/schedules',
  schedule: (name: string, act: 'pause' | 'continue' | 'run' | 'end') => `/schedules/${encoded(name)}/${act}`,
  record: '/record',
  policy: '/policy',
  me: '/me',
  /** Where the public key of a new passkey is posted: the answer shows the line for the trust file. */
  passkeys: '/me/passkeys',
  login: '/login',
  logout: '/logout',
  freeze: '/freeze',
  unfreeze: '/unfreeze',
  stopAll: '/stop-all',
} as const

function encoded(part: string) {
  return encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))
}
