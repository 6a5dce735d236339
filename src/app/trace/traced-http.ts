import type { HttpPort } from '../../model/http-port.ts'

/** Requests to services say which trace they are a part of (W3C Trace Context); a workflow that sets the header says it itself. */
export function tracedHttp(http: HttpPort, trace: () => string | undefined): HttpPort {
  return {
    send: (request, signal) => {
      const traceparent = trace()
      const headers = traceparent === undefined ? request.headers : { traceparent, ...request.headers }
      return http.send({ ...request, headers }, signal)
    },
    scrub: (text) => http.scrub(text),
  }
}
