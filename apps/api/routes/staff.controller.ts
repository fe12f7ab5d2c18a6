import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Injectable,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import {
  AcceptInvitation,
  ChangePassword,
  ChooseLocale,
  RenewRecoveryCodes,
  StaffCode,
  StaffSignIn,
  type RecoveryCodes,
  type StaffSessionItem,
  type StaffSessionView,
  type StaffSignInOptions,
  type StaffTicket,
} from '#contracts';
import type { SignedIn, SignInPlace } from '#domain/staff';
import { AppError } from '#kernel';
import { RateLimitError, type StaffCaller } from '#platform/auth';
import type { Core } from '#platform/core';
import type { ApiParts, StaffParts } from '../parts.js';
import { CORE, PARTS } from '../tokens.js';
import { Needs } from '../wire/auth.guard.js';
import {
  assertOwnPage,
  clearOidcCookie,
  clearSessionCookie,
  cookieNames,
  csrfOf,
  readCookie,
  setOidcCookie,
  setSessionCookie,
} from '../wire/cookies.js';
import { May, Staff } from '../wire/staff.guard.js';

/** Where the company's way in ends, for better or worse. */
const PAGE = '/dashboard/';

/** Refuses what another site's page sends: nobody is to be signed in as somebody else without noticing. */
@Injectable()
class OwnPage implements CanActivate {
  constructor(@Inject(CORE) private readonly core: Core) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    if (request.method !== 'GET') assertOwnPage(request, this.core.config.publicUrl);
    return true;
  }
}

const placeOf = (request: Request): SignInPlace => ({ address: request.ip, userAgent: request.header('user-agent') });

/** Answers of these routes are for nobody's cache. */
const keepNowhere = (response: Response) => response.setHeader('cache-control', 'no-store');

/** What the page is told of a session. */
async function viewOf({ sessions }: StaffParts, caller: StaffCaller, secret: string, recoveryCodes?: string[]) {
  const view = await sessions.view(caller);
  return { ...view, csrf: csrfOf(secret), ...(recoveryCodes && { recovery_codes: recoveryCodes }) };
}

/** Ways in for people who work here. No key and no session; nothing that a page of another site sends is heard. */
@Controller('v1/staff')
@Needs('public')
@UseGuards(OwnPage)
export class StaffSignInController {
  private readonly staff: StaffParts;
  private readonly cookies: ReturnType<typeof cookieNames>;

  constructor(@Inject(CORE) core: Core, @Inject(PARTS) parts: ApiParts) {
    this.staff = parts.staff;
    this.cookies = cookieNames(core.config.publicUrl);
  }

  @Get('sign_in_options')
  options(): StaffSignInOptions {
    return { object: 'staff.sign_in_options', oidc: this.staff.company.offered };
  }

  @Post('sign-in')
  @HttpCode(200)
  async signIn(
    @Body() body: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StaffTicket> {
    keepNowhere(response);
    return this.staff.signIns.password(StaffSignIn.parse(body ?? {}), placeOf(request));
  }

  @Post('totp')
  @HttpCode(200)
  async code(
    @Body() body: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StaffSessionView> {
    keepNowhere(response);
    const before = readCookie(request, this.cookies.session);
    const done = await this.staff.signIns.code(StaffCode.parse(body ?? {}), placeOf(request), before);
    const { secret } = this.give(response, done);
    return viewOf(this.staff, await this.staff.sessions.authenticate(secret), secret, done.recoveryCodes);
  }

  @Post('accept')
  @HttpCode(200)
  async accept(
    @Body() body: unknown,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StaffTicket> {
    keepNowhere(response);
    return this.staff.signIns.acceptInvitation(AcceptInvitation.parse(body ?? {}), placeOf(request));
  }

  /** Sends the browser to the company. */
  @Get('oidc/start')
  async start(@Req() request: Request, @Res() response: Response): Promise<void> {
    keepNowhere(response);
    const { url, sealed, keepMs } = await this.staff.company.start(placeOf(request));
    setOidcCookie(response, this.cookies, sealed, keepMs);
    response.redirect(303, url);
  }

  /** The browser comes back; a person looks at it, so faults are told by the page. */
  @Get('oidc/callback')
  async callback(@Req() request: Request, @Res() response: Response): Promise<void> {
    keepNowhere(response);
    const sealed = readCookie(request, this.cookies.oidc);
    clearOidcCookie(response, this.cookies);
    try {
      const query = new URL(request.originalUrl, 'http://local').search;
      const before = readCookie(request, this.cookies.session);
      this.give(response, await this.staff.company.finish(query, sealed, placeOf(request), before));
      response.redirect(303, PAGE);
    } catch (e) {
      if (!(e instanceof AppError) || e.code === 'oidc_off' || e instanceof RateLimitError) throw e;
      response.redirect(303, `${PAGE}#/login?error=${e.code}`);
    }
  }

  private give(response: Response, { session }: SignedIn) {
    setSessionCookie(response, this.cookies, session.secret, session.expiresAt);
    return session;
  }
}

/** One's own session and what belongs to it. */
@Controller('v1/staff')
@May('session.own')
export class StaffSessionController {
  private readonly staff: StaffParts;
  private readonly cookies: ReturnType<typeof cookieNames>;

  constructor(@Inject(CORE) core: Core, @Inject(PARTS) parts: ApiParts) {
    this.staff = parts.staff;
    this.cookies = cookieNames(core.config.publicUrl);
  }

  @Get('session')
  async session(
    @Req() request: Request,
    @Staff() caller: StaffCaller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StaffSessionView> {
    keepNowhere(response);
    return viewOf(this.staff, caller, readCookie(request, this.cookies.session)!);
  }

  @Post('sign-out')
  @HttpCode(200)
  async signOut(
    @Staff() caller: StaffCaller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ object: 'staff.signed_out' }> {
    await this.staff.sessions.end(caller, caller.sessionId, 'signed_out');
    clearSessionCookie(response, this.cookies);
    return { object: 'staff.signed_out' };
  }

  @Get('sessions')
  async sessions(@Staff() caller: StaffCaller): Promise<{ object: 'list'; data: StaffSessionItem[] }> {
    return { object: 'list', data: await this.staff.sessions.list(caller) };
  }

  /** Ends every session but the one that asks. */
  @Delete('sessions')
  async endOthers(@Staff() caller: StaffCaller): Promise<{ object: 'staff.sessions_ended'; ended: number }> {
    return { object: 'staff.sessions_ended', ended: await this.staff.sessions.endOthers(caller) };
  }

  @Delete('sessions/:id')
  async end(
    @Param('id') id: string,
    @Staff() caller: StaffCaller,
  ): Promise<{ id: string; object: 'staff.session_ended' }> {
    await this.staff.sessions.end(caller, id, 'revoked');
    return { id, object: 'staff.session_ended' };
  }

  @Post('password')
  @HttpCode(200)
  async password(
    @Body() body: unknown,
    @Req() request: Request,
    @Staff() caller: StaffCaller,
  ): Promise<{ object: 'staff.password_changed' }> {
    await this.staff.signIns.changePassword(caller, ChangePassword.parse(body ?? {}), placeOf(request));
    return { object: 'staff.password_changed' };
  }

  @Post('recovery_codes')
  @HttpCode(200)
  async recoveryCodes(
    @Body() body: unknown,
    @Req() request: Request,
    @Staff() caller: StaffCaller,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RecoveryCodes> {
    keepNowhere(response);
    const { password } = RenewRecoveryCodes.parse(body ?? {});
    const codes = await this.staff.signIns.renewRecoveryCodes(caller, password, placeOf(request));
    return { object: 'staff.recovery_codes', codes };
  }

  @Post('locale')
  @HttpCode(200)
  async locale(
    @Body() body: unknown,
    @Req() request: Request,
    @Staff() caller: StaffCaller,
  ): Promise<StaffSessionView> {
    const { locale } = ChooseLocale.parse(body ?? {});
    await this.staff.members.chooseLocale(caller, locale);
    return viewOf(this.staff, caller, readCookie(request, this.cookies.session)!);
  }
}
