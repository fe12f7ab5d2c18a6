/**
 * Words that set the scene rather than name a thing: `value = english, words / french, words`, one line each.
 * A word may appear both here and among the sprites (a beach is a place; a tent is a thing).
 */
export const places = `
meadow = meadow, field, countryside, farm, grass, prairie, pasture, valley, hill, garden, vineyard / pre, prairie, champ, campagne, ferme, herbe, paturage, vallee, colline, jardin, vigne, alpage
forest = forest, wood, woodland, jungle, rainforest, grove / foret, bois, jungle, bosquet, clairiere, sous bois
beach = beach, shore, seaside, coast, sand / plage, rivage, bord de mer, cote, sable, littoral
sea = sea, ocean, open sea, harbor, harbour, port, waves / mer, ocean, large, port, vagues
underwater = underwater, under the sea, under water, aquarium, reef, coral reef, seabed, deep sea, under the ocean / sous l eau, sous marin, sous la mer, sous l ocean, aquarium, recif, fonds marins, fond marin
city = city, downtown, skyline, skyscrapers, metropolis, rooftop, new york, tokyo, paris, london / ville, centre ville, metropole, gratte ciel, toit, new york, tokyo, paris, londres
street = street, road, highway, avenue, motorway, sidewalk, crossroads, boulevard, traffic / rue, route, autoroute, avenue, trottoir, carrefour, boulevard, circulation, chaussee
village = village, town, hamlet, market square / village, bourg, hameau, place du marche, place du village
mountains = mountain, mountains, alps, peak, summit, cliff, canyon / montagne, montagnes, alpes, pic, sommet, falaise, canyon
desert = desert, dune, dunes, sahara, oasis / desert, dune, sahara, oasis
savanna = savanna, savannah, safari, africa, serengeti / savane, safari, afrique, brousse
snowfield = ice field, ski slope, north pole, south pole, antarctica, arctic, glacier, iceberg, ice floe / banquise, piste de ski, pole nord, pole sud, antarctique, arctique, glacier, iceberg
space = space, outer space, galaxy, cosmos, universe, orbit, nebula, milky way, moon surface, mars / espace, galaxie, cosmos, univers, orbite, nebuleuse, voie lactee, mars
sky = in the sky, sky, above the clouds, in the clouds, heavens / dans le ciel, ciel, au dessus des nuages, dans les nuages, cieux
park = park, playground, picnic, lawn / parc, square, aire de jeux, pique nique, pelouse
lake = lake, river, pond, stream, waterfall, riverbank / lac, riviere, etang, ruisseau, mare, fleuve, cascade, berge
room = room, kitchen, bedroom, living room, indoors, inside, house interior, table, desk, office, classroom, studio, hallway, floor, bathroom / piece, cuisine, chambre, salon, interieur, a l interieur, table, bureau, salle, salle de classe, studio, couloir, salle de bain, parquet
stadium = stadium, pitch, football field, soccer field, match, tournament, goal / stade, terrain de foot, terrain, match, tournoi, but
`;

export const times = `
dawn = dawn, sunrise, daybreak, early morning, morning, first light / aube, aurore, lever du soleil, lever de soleil, petit matin, matin, matinee, point du jour
day = day, daytime, noon, midday, afternoon, sunlight, sun, daylight / jour, journee, midi, apres midi, soleil, plein jour, lumiere du jour
dusk = dusk, sunset, twilight, evening, golden hour, nightfall / crepuscule, coucher du soleil, coucher de soleil, soir, soiree, heure doree, soleil couchant, tombee de la nuit
night = night, midnight, nighttime, moonlight, moon, starry, stars, starlit, dark / nuit, minuit, nocturne, clair de lune, lune, etoile, etoilee, etoiles, de nuit, obscurite
`;

export const weathers = `
clear = sunny, sunshine, clear sky, blue sky, cloudless / ensoleille, ensoleillee, ciel bleu, ciel degage, ciel clair, beau temps
cloudy = cloudy, clouds, cloud, overcast, grey sky / nuageux, nuage, nuages, couvert, ciel gris
rain = rain, rainy, raining, drizzle, shower, downpour, rains / pluie, pluvieux, pluvieuse, pleut, bruine, averse, crachin
storm = storm, thunderstorm, lightning, thunder, stormy, tempest, hurricane / orage, tempete, eclair, eclairs, tonnerre, orageux, foudre, ouragan
snow = snow, snowy, snowing, snowfall, blizzard, winter, frost / neige, neigeux, enneige, enneigee, blizzard, hiver, givre
fog = fog, foggy, mist, misty, haze / brouillard, brume, brumeux, brumeuse
wind = wind, windy, breeze, gust / vent, venteux, brise, rafale, bourrasque
`;

export const motions = `
walk = walk, walks, walking, stroll, strolls, strolling, wander, wanders, wandering, march, marching, hike, hiking, crossing, crosses, cross / marche, marchent, marchant, marcher, se promene, promene, promenent, se balade, balade, baladent, flane, erre, avance, avancent, traverse, traversent, traversant
run = run, runs, running, sprint, sprinting, gallop, galloping, gallops, chase, chases, chasing, race, racing, races, jog, jogging, charge, charging / court, courent, courir, courant, galope, galopent, galopant, poursuit, poursuivent, fonce, sprinte, trotte
drive = drive, drives, driving, ride, rides, riding, speeding, cruising, skating, skiing / roule, roulent, rouler, roulant, conduit, conduisent, file, passe, passent, skie, glisse
fly = fly, flies, flying, soar, soars, soaring, glide, gliding, hover, hovers, hovering, flutter, fluttering / vole, volent, voler, volant, plane, planent, planant, voltige, voltigent, survole, survolent
swim = swim, swims, swimming, dive, dives, diving, sail, sails, sailing, surf, surfing, row, paddle, paddling / nage, nagent, nager, nageant, plonge, plongent, navigue, naviguent, vogue, voguent, surfe, rame
jump = jump, jumps, jumping, hop, hops, hopping, leap, leaps, leaping, bounce, bounces, bouncing, play, plays, playing / saute, sautent, sauter, sautant, bondit, bondissent, rebondit, rebondissent, sautille, joue, jouent, jouer, jouant
roll = roll, rolls, rolling, tumble, tumbling / roule par terre, degringole, roulant sur lui meme
float = float, floats, floating, drift, drifts, drifting, levitate, levitating / flotte, flottent, flotter, flottant, derive, derivent, levite, levitent
dance = dance, dances, dancing, waltz, sing, sings, singing, sway, swaying, celebrate, celebrating / danse, dansent, danser, dansant, valse, chante, chantent, chantant, fete, fetent
spin = spin, spins, spinning, rotate, rotating, rotates, twirl, twirling, turning, turn / tourne, tournent, tournoie, tournoient, tourbillonne, pivote, virevolte
fall = fall, falls, falling, drop, dropping, drops / tombe, tombent, tomber, tombant, chute
rise = rise, rises, rising, take off, takes off, taking off, lift off, launch, launches, launching, ascend, climbing, climb, climbs / s eleve, elevent, monte, montent, decolle, decollent, s envole, envole, envolent, grimpe, grimpent
rest = sit, sits, sitting, stand, stands, standing, wait, waits, waiting, rest, resting, rests, eat, eats, eating, look, looks, looking, watch, watches, watching, read, reading, reads, drink, drinking, smile, smiling / assis, assise, assises, debout, attend, attendent, se repose, repose, mange, mangent, mangeant, regarde, regardent, lit un livre, lisent, boit, boivent, sourit, sourient, pose, posee
sleep = sleep, sleeps, sleeping, asleep, nap, napping, dream, dreaming, dreams / dort, dorment, dormir, endormi, endormie, endormis, sieste, reve, revent, sommeil
`;

export const cameras = `
pan_left = pan left, panning left, camera moves left / panoramique a gauche, panoramique gauche, camera va a gauche
pan_right = pan right, panning right, panning shot, tracking shot, camera follows, dolly, pan / panoramique, travelling, traveling, camera suit
zoom_in = zoom in, zooms in, zooming in, close up, closeup, push in, zoom / zoom avant, gros plan, zoom, camera s approche
zoom_out = zoom out, zooms out, zooming out, wide shot, pull back, aerial view / zoom arriere, plan large, vue aerienne, camera recule
still = static shot, still shot, fixed camera, tripod / plan fixe, camera fixe
`;

export const moods = `
calm = calm, peaceful, quiet, serene, gentle, cozy, relaxing, slow, tender, soft, tranquil / calme, paisible, tranquille, serein, sereine, doux, douce, douillet, lent, lentement, doucement, tendre
joyful = happy, joyful, funny, fun, cheerful, party, birthday, festive, colorful, colourful, cute, playful, laughing, celebration / joyeux, joyeuse, heureux, heureuse, drole, gai, gaie, fete, anniversaire, festif, festive, colore, coloree, mignon, mignonne, rit, rient
tense = scary, spooky, dangerous, horror, tense, thriller, war, battle, fight, fighting, angry, haunted, dramatic / effrayant, effrayante, dangereux, dangereuse, horreur, tendu, guerre, bataille, combat, combattent, fache, hante, hantee, dramatique
sad = sad, lonely, melancholic, crying, lost, alone, abandoned / triste, solitaire, melancolique, pleure, perdu, perdue, seul, seule, abandonne, abandonnee
epic = epic, heroic, majestic, grand, cinematic, giant, huge, gigantic, powerful, glorious / epique, heroique, majestueux, majestueuse, grandiose, cinematographique, geant, geante, gigantesque, immense, puissant, glorieux
mysterious = mysterious, magical, mystic, enchanted, dreamy, surreal, strange, fantasy, magic / mysterieux, mysterieuse, magique, mystique, enchante, enchantee, onirique, surreel, etrange, feerique, fantastique
`;

export const effects = `
fireworks = firework, fireworks, new year, bastille day / feu d artifice, feux d artifice, nouvel an, quatorze juillet, 14 juillet
confetti = confetti, birthday, party, carnival, celebration / confettis, anniversaire, fete, carnaval, celebration
rainbow = rainbow / arc en ciel
shooting_stars = shooting star, falling star, meteor shower / etoile filante, etoiles filantes, pluie de meteores
fireflies = firefly, fireflies, glow worm, magical, enchanted / luciole, lucioles, ver luisant, magique, feerique, enchantee, enchante
falling_leaves = autumn, fall leaves, falling leaves / automne, feuilles mortes, feuilles qui tombent
bubbles = soap bubbles, bubble, bubbles / bulle, bulles, bulles de savon
hearts = romantic, love, hearts, valentine, kiss, in love / romantique, amour, coeurs, saint valentin, baiser, amoureux
`;

/** Hue in degrees. */
export const hues = `
0 = red, crimson, scarlet / rouge, ecarlate, vermeil
28 = orange / orange, orangee
50 = yellow, golden, gold / jaune, dore, doree
120 = green / vert, verte
180 = turquoise, cyan, teal / turquoise, cyan
215 = blue, navy / bleu, bleue
275 = purple, violet / violet, violette, mauve
325 = pink, magenta / rose, fuchsia
`;

export const counts = `
1 = a, an, one, single, lone / un, une
2 = two, pair, pair of, couple of, both / deux, paire, paire de
3 = three, few, some, trio / trois, des, quelques, trio
4 = four, several, quartet / quatre, plusieurs
5 = five, group, group of, many, family of, bunch of / cinq, groupe, groupe de, beaucoup de, bande de
6 = six, herd, herd of, pack of, lots of / six, troupeau, troupeau de, meute de, plein de
7 = seven, flock, flock of, crowd, crowd of / sept, volee de, nuee de, foule, foule de, vol de
8 = eight, swarm, swarm of, school of, dozens of / huit, essaim de, banc de, dizaines de
9 = nine, ten, dozen, hundreds of, thousands of, army of / neuf, dix, douzaine, centaines de, milliers de, armee de
`;

/** Words that carry nothing to draw; they also tell the languages apart. */
export const stopWords = `
en = the, a, an, of, in, on, at, to, and, or, with, by, for, from, into, over, under, through, across, along, around, near, behind, between, is, are, was, were, be, being, been, it, its, his, her, their, they, he, she, we, you, i, that, this, these, those, while, as, who, which, there, then, up, down, out, off, very, big, small, little, large, tall, young, old, new, beautiful, pretty, nice, video, clip, scene, shot, view, show, showing, make, create, generate, please, camera, style, background, front, top, side, against, toward, towards, above, below, one, some, any, all, no, not, has, have, had, says, saying, text, title, written, reads, word, words, slowly, quickly, fast
fr = le, la, les, l, d, un, une, des, du, de, dans, sur, sous, a, au, aux, et, ou, avec, par, pour, vers, entre, pres, derriere, devant, est, sont, etait, etre, il, elle, ils, elles, on, nous, vous, je, se, s, son, sa, ses, leur, leurs, qui, que, qu, quoi, dont, ce, cet, cette, ces, en, y, pendant, alors, tres, grand, grande, grands, grandes, petit, petite, petits, petites, gros, grosse, jeune, jeunes, vieux, vieille, nouveau, beau, belle, beaux, joli, jolie, video, clip, scene, plan, vue, montre, fais, cree, genere, camera, style, fond, haut, bas, cote, long, dessus, dessous, contre, tout, toute, tous, toutes, pas, ne, n, n y, ont, dit, texte, titre, ecrit, mot, mots, vite, rapidement, autour, travers, n est, c, j, m, t, plein, pleine, lors, puis
`;
