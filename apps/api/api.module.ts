import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, Reflector } from '@nestjs/core';
import type { Core } from '#platform/core';
import type { ApiParts } from './parts.js';
import { AccessController } from './routes/access.controller.js';
import { AccountsController } from './routes/accounts.controller.js';
import { BindingDiscoveryController, BindingsController } from './routes/bindings.controller.js';
import { CharactersController } from './routes/characters.controller.js';
import { ChildSafetyController } from './routes/child-safety.controller.js';
import { ClipsController } from './routes/clips.controller.js';
import { ConsentController } from './routes/consent.controller.js';
import { ConsentEnrolController } from './routes/consent-enrol.controller.js';
import { ConsentMeController } from './routes/consent-me.controller.js';
import { GuardianController } from './routes/guardian.controller.js';
import { NoticesController } from './routes/notices.controller.js';
import { DeskNoticesController } from './routes/desk-notices.controller.js';
import { HashBanksController } from './routes/hash-banks.controller.js';
import { HealthController } from './routes/health.controller.js';
import { LogController, LogRegisterController } from './routes/log.controller.js';
import { MakersController } from './routes/makers.controller.js';
import { ModerationsController } from './routes/moderations.controller.js';
import { DeskCasesController } from './routes/desk-cases.controller.js';
import { DeskMediaController } from './routes/desk-media.controller.js';
import { DeskChildSafetyController } from './routes/desk-child-safety.controller.js';
import { DeskLikenessController, DeskRegisterController } from './routes/desk-likeness.controller.js';
import { DeskQueuesController } from './routes/desk-queues.controller.js';
import { DeskAuditController } from './routes/desk-audit.controller.js';
import { DeskPlatformsController } from './routes/desk-platforms.controller.js';
import { DeskPoliciesController } from './routes/desk-policies.controller.js';
import { DeskStaffController } from './routes/desk-staff.controller.js';
import { StaffSessionController, StaffSignInController } from './routes/staff.controller.js';
import { RegisterController } from './routes/register.controller.js';
import { VerifyController } from './routes/verify.controller.js';
import { VideosController } from './routes/videos.controller.js';
import { WebhooksController } from './routes/webhooks.controller.js';
import { CORE, PARTS } from './tokens.js';
import { AuthGuard } from './wire/auth.guard.js';
import { ErrorsFilter } from './wire/errors.filter.js';
import { StaffGuard } from './wire/staff.guard.js';

/** The HTTP face of the product. Its parts are assembled outside and handed in. */
@Module({})
export class ApiModule {
  static with(core: Core, parts: ApiParts): DynamicModule {
    return {
      module: ApiModule,
      controllers: [
        HealthController,
        // Before the videos, whose ids would take their place.
        CharactersController,
        VideosController,
        ConsentController,
        ConsentEnrolController,
        ConsentMeController,
        ModerationsController,
        ClipsController,
        VerifyController,
        BindingsController,
        BindingDiscoveryController,
        WebhooksController,
        AccountsController,
        MakersController,
        AccessController,
        GuardianController,
        HashBanksController,
        LogController,
        LogRegisterController,
        StaffSignInController,
        StaffSessionController,
        DeskStaffController,
        DeskCasesController,
        DeskQueuesController,
        DeskMediaController,
        RegisterController,
        ChildSafetyController,
        DeskChildSafetyController,
        DeskLikenessController,
        DeskRegisterController,
        DeskNoticesController,
        NoticesController,
        DeskPlatformsController,
        DeskPoliciesController,
        DeskAuditController,
      ],
      providers: [
        { provide: CORE, useValue: core },
        { provide: PARTS, useValue: parts },
        { provide: APP_FILTER, useValue: new ErrorsFilter(core.logger) },
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new AuthGuard(reflector, parts.keys, parts.limits),
        },
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new StaffGuard(reflector, parts.staff.sessions, core.config.publicUrl),
        },
      ],
    };
  }
}
