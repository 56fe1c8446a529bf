import { createHash, timingSafeEqual } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { secureHeaders } from 'hono/secure-headers';

export interface GuardOptions {
  /** What the board may be called by its visitors, as a request's Host header says it. */
  hosts: ReadonlySet<string>;
  /** What a visitor has to show once; a cookie of that name keeps it. */
  token: string;
  cookie: string;
  /** Whether anything but reading is allowed. */
  allowChanges: boolean;
}

/**
 * Lets in those whom the command has told the token, at names that are the board's own: another name is a page's that has
 * its own name lead here. What changes anything comes from the board's own pages alone: any page can have a browser send
 * a form, or text, to any address.
 */
export const guard =
  (access: GuardOptions): MiddlewareHandler =>
  async (c, next) => {
    const { hosts, token, cookie, allowChanges } = access; // known once the board listens
    const host = c.req.header('host')?.toLowerCase() ?? '';
    if (!hosts.has(host)) return c.text('The dashboard has no such name: --allow-host gives it others.', 403);
    if (!comesFromHere(c, host)) return c.text('A page of another origin asks the dashboard for nothing.', 403);
    const shown = c.req.query('token');
    if (!same(shown ?? getCookie(c, cookie), token)) {
      return c.text("The token is missing or wrong: open the address that the dashboard's command has printed.", 401);
    }
    if (shown !== undefined) {
      // by a page, not a redirect: after a link elsewhere that would not carry a strict cookie
      setCookie(c, cookie, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
      return c.html('<!DOCTYPE html><meta http-equiv="refresh" content="0; url=/">');
    }
    if (!reads(c) && !allowChanges)
      return c.text('The dashboard only shows: --allow-changes gives it its buttons.', 403);
    await next();
  };

const reads = ({ req: { method } }: Context): boolean => method === 'GET' || method === 'HEAD';

/** Whether a request can be one of the board's own pages'; what only reads may also be typed in, or a link's. */
function comesFromHere(c: Context, host: string): boolean {
  const origin = c.req.header('origin'),
    site = c.req.header('sec-fetch-site');
  if (origin !== undefined && ![`http://${host}`, `https://${host}`].includes(origin.toLowerCase())) return false;
  if (reads(c)) return true;
  const type = c.req.header('content-type');
  return (
    origin !== undefined &&
    (site ?? 'same-origin') === 'same-origin' &&
    (type === undefined || /^application\/json\b/i.test(type))
  );
}

/** Whether two texts are the same, in a time that does not tell how much of them is. */
function same(given: string | undefined, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(token));
}

const SELF = "'self'",
  NONE = "'none'";

/** A page that loads nothing from elsewhere, is shown in no other page, and tells nobody its address. */
export const closedPage: MiddlewareHandler = secureHeaders({
  contentSecurityPolicy: {
    defaultSrc: [NONE],
    scriptSrc: [SELF],
    styleSrc: [SELF, "'unsafe-inline'"],
    imgSrc: [SELF, 'data:'],
    fontSrc: [SELF],
    connectSrc: [SELF],
    baseUri: [SELF],
    formAction: [NONE],
    frameAncestors: [NONE],
  },
  xFrameOptions: 'DENY',
  referrerPolicy: 'no-referrer',
  strictTransportSecurity: false,
});
