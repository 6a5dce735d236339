/** The addresses of the pages, so that a link and its route cannot part. Each part of a path is percent-encoded (RFC 3986 2.1). */
export const address = {
  overview: '/',
  executions: '/executions',
  execution: (id: string) => `/executions/${encoded(id)}`,
  /** Where a person decides about the plan of an execution that waits for approval. */
  approval: (digest: string) => `/plans/${encoded(digest)}`,
  /** The form that asks before one of these acts on an execution; the answer is posted to the same address. */
  act: (id: string, act: 'stop' | 'resume' | 'redrive' | 'rollback' | 'suspend') => `/executions/${encoded(id)}/${act}`,
  records: (id: string) => `/executions/${encoded(id)}/records`,
  report: (id: string) => `/executions/${encoded(id)}/report.html`,
  workflows: '/workflows',
  workflow: (file: string) => `/workflows/${file.split('/').map(encoded).join('/')}`,
  switches: '/switches',
  switch: (name: string) => `/switches/${encoded(name)}`,
  snapshots: '/snapshots',
  snapshotDiff: (before: string, after: string) => `/snapshots/${encoded(before)}/diff/${encoded(after)}`,
  record: '/record',
  policy: '/policy',
  me: '/me',
  login: '/login',
  logout: '/logout',
  freeze: '/freeze',
  stopAll: '/stop-all',
} as const

function encoded(part: string): string {
  return encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'))
}
