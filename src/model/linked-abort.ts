export interface LinkedAbort {
  readonly signal: AbortSignal
  abort(): void
  unlink(): void
}

/** Unlike `AbortSignal.any`, which Node keeps for as long as somebody listens, it is forgotten with the signal that it is linked to. */
export function linkedAbort(to: AbortSignal | undefined): LinkedAbort {
  const controller = new AbortController()
  const abort = () => controller.abort(to?.reason)
  if (to?.aborted === true) abort()
  else to?.addEventListener('abort', abort, { once: true })
  return {
    signal: controller.signal,
    abort: () => controller.abort(),
    unlink: () => to?.removeEventListener('abort', abort),
  }
}

/** Resolves once the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
