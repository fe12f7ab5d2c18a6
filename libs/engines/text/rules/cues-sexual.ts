import { type CueList } from './types.js';

/** Sexual content, and words for children and adolescents. */
export const SEXUAL_CUES: Record<string, CueList> = {
  sexual_act: {
    en: `porn, porno, pornography, pornographic, hentai, xxx, sex scene(s), sex tape(s), have sex, having sex, has sex, had sex, oral sex, anal sex, group sex, sexual intercourse, intercourse, sexual act(s), sexual position(s), sex position(s), sexually explicit, explicit sex, make love, making love, makes love, masturbat(e,es,ed,ing,ion), orgasm(s,ic), ejaculat(e,es,ed,ing,ion), blowjob(s), handjob(s), fellatio, cunnilingus, cumshot(s), creampie porn, gangbang(s), threesome, foursome sex, orgy, orgies, fucking, fuck(s,ed) (her,him,me,each), penetrat(es,ing) her, genital(s,ia), penis(es), vagina(s), vulva, clitoris, testicle(s), dildo(s), vibrator sex, bdsm, bondage sex, dominatrix, sexual fantasy, sexual fantasies, onlyfans, nsfw, camgirl(s), rule34, rule 34, milf(s), deepthroat, futanari, ahegao, erection, aroused genitals, sex worker in bed, sex toy(s), sexual content, sexual activity, sexual pleasure, sexual scene(s), x rated, adult film, adult movie, fornicat(e,es,ing), copulat(e,es,ing), doggy style, doggystyle, cowgirl position, missionary position, rape(s,d), raping, rapist, gang rape, sexual assault, sexually assault(s,ed,ing), molest(s,ed,ing), undress(es,ing) and touch, grop(es,ing), strip(s,ping) naked, upskirt, voyeur porn, incest(uous)`,
    fr: `porno(s), pornographie, pornographique(s), scene(s) de sexe, scene(s) sexuelle(s), rapport(s) sexuel(s), relation(s) sexuelle(s), acte(s) sexuel(s), font l amour, fait l amour, faire l amour, faisant l amour, masturb(e,er,ant,ation), orgasme(s), ejacul(e,er,ation), fellation, sodomi(e,ser), partouze, orgie(s), penis, vagin, vulve, clitoris, testicules, parties genitales, organes genitaux, contenu sexuel, contenu explicite sexuel, position(s) sexuelle(s), sexuellement explicite(s), coit, film pour adultes, viol(e,er,eur,eurs) (une femme,la femme,une fille), violer, violeur(s), agression(s) sexuelle(s), agresse sexuellement, baise(nt) sauvagement, s accouple(nt), plan cul, jouet sexuel, inceste`,
    frenchOnly: `viol(s), bite(s) en erection, baise, baisent, sexe explicite`,
  },
  nudity: {
    en: `nude, nudes, naked, topless, bottomless woman, fully nude, undressed, unclothed, without clothes, no clothes, without any clothes, bare breasts, bare breasted, bare chested woman, exposed breasts, breasts exposed, nipple(s), boobs, tits, titties, big breasts, huge breasts, large breasts, naked body, naked bodies, nudity, nudist(s), striptease, stripper(s), lap dance, pole dance in lingerie, see through (dress,shirt,top,blouse,clothes), sheer lingerie, wardrobe malfunction, sideboob, underboob, buttocks, butt naked, bare ass, bare butt, bare buttocks, wearing nothing, wears nothing, wet t shirt contest, skinny dip(s,ping), body paint only, taking off her (clothes,dress,bra,shirt,panties), takes off her (clothes,dress,bra,shirt,panties), takes off his (clothes,pants,underwear), removing her (clothes,dress,bra,shirt,panties), undress(es,ing), unbutton(s,ing) her blouse`,
    fr: `nue, nus, nues, toute nue, tout nu, entierement nu(e), completement nu(e), denude(e,s,es), deshabille(e), se deshabille(nt), sans vetements, seins nus, seins exposes, nudite, nudiste(s), strip tease, stripteaseuse(s), topless, tetons, fesses nues, gros seins, enleve (sa robe,ses vetements,son soutien gorge,sa culotte), retire (sa robe,ses vetements,son soutien gorge,sa culotte), corps nu(s), a poil, poitrine nue`,
    frenchOnly: `nu, nichons`,
  },
  suggestive: {
    en: `erotic, erotica, eroticism, seductive, seductively, sensual, sensually, lingerie, lewd, horny, kinky, fetish, provocative pose(s), provocatively, suggestive pose(s), suggestively, sexy, sexually, cleavage, thong, panties, g string, skimpy, scantily clad, half naked, half nude, semi nude, barely clothed, barely dressed, twerk(s,ing), pin up girl, playboy, brothel, prostitute(s), prostitution, escort girl, moaning, moans, lustful, lust, intimate moment in bed, passionate in bed, caress(es,ing) her body, straddl(es,ing), grind(s,ing) on, fondl(es,ing), curvy, voluptuous, busty, bikini model bending, crotch, low cut`,
    fr: `erotique(s), erotisme, sensuel(le,s,les), sensuellement, seductrice(s), lingerie, provocante(s), provocant(s), pose suggestive, poses suggestives, lascive(s), lascivement, sexy, en string, culotte transparente, decollete plongeant, a moitie nu(e,es), legerement vetue(s), peu vetue(s), prostituee(s), prostitution, bordel, gemit, gemissant(e), gemissements, fetichisme, coquine(s), libertin(e,s), langoureuse, langoureusement, caresse son corps, voluptueuse`,
    frenchOnly: `seductrice`,
  },
  adults_only: {
    en: `education, class, health, doctor, medical, anatomy, biology, museum, sculpture(s), statue(s), renaissance, breastfeeding, documentary about, textbook, diagram`,
    fr: `education, medecin, sante, anatomie, biologie, musee, sculpture(s), statue(s), allaitement, allaitant, manuel scolaire, schema`,
  },
  minor: {
    en: `child, children, kid, kids, minor girl, minor boy, underage, under age, preteen(s), pre teen(s), tween(s), teen, teens, teenager(s), teenage, adolescent(s), toddler(s), infant(s), baby girl, baby boy, schoolgirl(s), school girl(s), schoolboy(s), school boy(s), high school girl(s), high school student(s), middle school, elementary school, kindergarten, little girl(s), little boy(s), young girl(s), young boy(s), small girl, small boy, underaged, minors, prepubescent, pubescent, kiddie, childlike body, girl scout(s), boy scout(s), first grader(s), sixth grader(s), seventh grader(s), eighth grader(s), ninth grader(s), tenth grader(s), loli, lolis, shota, jailbait, daughter, my son, his son, stepdaughter, niece, person under 18, under 18, under eighteen, under the age of 18, not yet 18, not yet eighteen`,
    fr: `enfant(s), gamin(e,s,es), mineur(s), mineure(s), adolescent(e,s,es), ado(s), fillette(s), garconnet(s), petite(s) fille(s), petit(s) garcon(s), jeune(s) fille(s), jeune(s) garcon(s), bambin(s), nourrisson(s), bebe(s), ecolier(s), ecoliere(s), collegien(s), collegienne(s), lyceen(s), lyceenne(s), prepubere(s), pubere, moins de 18 ans, moins de dix huit ans, fille de college, ma fille, sa fille, belle fille de, maternelle, ecole primaire`,
  },
  weak_minor: {
    en: `boy, boys, youth, youngster(s), barely legal, barely 18, just turned 18, young looking, childlike, petite girl, pupil(s), student(s), freshman, babyface, baby faced`,
    fr: `garcon(s), a peine majeur(e), tout juste majeure, tout juste 18 ans, etudiante(s), eleve(s), juvenile`,
  },
  minor_coded: {
    en: `child porn, child pornography, kiddie porn, lolicon, shotacon, jailbait, pedo, pedos, pedophilia, paedophilia, csam, cheese pizza emoji, underage sex, sexualized minor(s), sexualised minor(s), sexualized child, sexualized children, loli hentai, map attracted`,
    fr: `pedopornographie, pedopornographique(s), pornographie infantile, pornographie enfantine, pedophilie, enfant(s) sexualise(s)`,
  },
  protection: {
    en: `prevention, protect(s,ing,ion) (children,child,kids), awareness, documentary, arrest(s,ed), police, investigation, charity, survivor(s), psa, news report, court, trial, campaign against, law against, fight against, hotline, report`,
    fr: `prevention, proteger (les enfants,un enfant), protection de l enfance, sensibilisation, documentaire, arrestation, arrete, police, enquete, association, survivant(e,s,es), tribunal, proces, campagne contre, lutte contre, loi contre, numero d urgence, signaler`,
  },
};
