import { lines } from './grammar.js';

/**
 * Harmless scenes with the by-words of the unsafe templates (posters, singers, candidates, neighbours, cigarettes,
 * logos, cellars, ...), so that a model cannot take the by-word for the harm.
 */
export const EVERYDAY_EN = lines(`
{open}a singer performs her new [melody|song|hit] on a small stage, the crowd sings along{close}
{open}[a candidate|a mayor|a young politician|a senator] [shakes hands with citizens|gives a speech about schools to voters|plants a tree|opens a library]{close}
{open}[voters|citizens|neighbors] [stand in line at a polling station|count votes by hand in a village hall|drop ballots in a box|talk about the election over coffee]{close}
{open}the [president|prime minister|chancellor|queen] of an imaginary country [waves|cuts a ribbon|feeds ducks|welcomes a foreign guest]{close}
{open}[parliament|the capitol|a presidential palace|city hall] [at dawn|in the snow|with tourists taking photos|lit up for a holiday]{close}
{open}flags of many countries [waving in the wind|in front of a stadium|carried at the opening of the games]{close}
{open}a parade with [flags|drums|flowers|horses|uniforms] through the old town{close}
{open}a banner over the street says [welcome|happy new year|farmers market|congratulations]{close}
{open}[a news broadcast|a breaking news anchor|a reporter] [about the weather|in front of a flooded river|announces the winner of a cooking contest|interviews a student]{close}
{open}a [coworker|classmate|neighbor|stranger|homeless man|student] [shares an umbrella|receives a warm meal|gets applause|is helped with a heavy box]{close}
{open}a [fat|shy|disabled|new] [boy|girl|student|man|woman] [wins a dance contest|makes friends|tells a joke and everybody laughs together|plays chess in the park]{close}
{open}classmates laugh together [at a joke|during a picnic|on the school bus]{close}
{open}a student opens a locker [and finds flowers|and takes out books|and puts on a jacket]{close}
{open}a man with a cigarette [waits for a bus|at a cafe in the rain|leans against a wall in film noir style]{close}
{open}a woman [swallowing a vitamin pill with water|taking cough syrup|filling a pill box for her grandmother]{close}
{open}a bathroom sink with a [razor|toothbrush|soap dish], morning light{close}
{open}a rope [swing hanging from a tree|bridge over a river|ladder on a ship]{close}
{open}an empty chair [by the window|under a lamp|on a stage|in a garden]{close}
{open}a letter on a table and [a cup of coffee|dried flowers|an old photograph]{close}
{open}train tracks [through a forest|covered with snow|in the desert]{close}
{open}a man [climbs a ladder|stands on a rooftop looking at the city|sits on a bridge and fishes]{close}
{open}[a baker's|a worker's|a mother's] arm with [a tattoo of a rose|flour|a watch]{close}
{open}a [couple in their thirties|married couple|man in his forties|woman in her thirties] [cooking pasta|painting a wall|waiting for a train|reading in bed|jogging|moving into a flat]{close}
{open}two [women|men|adults] [hugging after a long journey|kissing goodbye at the station|dancing tango|laughing in the kitchen]{close}
{open}a woman [taking off her coat|removing her makeup|trying on a dress in a shop|brushing her hair before bed|wearing a bikini at the pool]{close}
{open}a man in the shower [singing cheerfully|behind a fogged glass door with his hair full of shampoo], shampoo commercial{close}
{open}bare [feet on wet sand|branches against a grey sky|hands kneading dough]{close}
{open}a dancer in [pink tights|a nude-colored leotard|a white tutu|a latex balloon costume] [stretches|spins|bows]{close}
{open}[jewelry|handbags|watches|sneakers|phones] in a shop window [at Christmas|with neon logos|during the sales]{close}
{open}a city skyline with [neon signs|billboards|logos|screens|cranes]{close}
{open}a shirt with a [striped pattern|printed flower|plain logo] drying in the sun{close}
{open}a trailer for [a comedy about a wedding|a space adventure|a heist comedy with masked actors|a nature film]{close}
{open}a new [episode|season] of a [cooking show|home-made puppet series|podcast] is being filmed{close}
{open}an original [superhero|wizard|princess|robot] character, never seen before, [flies over a city|rescues a cat|learns to bake]{close}
{open}[a woman|a boy|an old man] who looks [tired|happy|lost in thought|like a sailor|at the camera|thoughtful]{close}
{open}a clone-like row of identical [houses|umbrellas|toy robots]{close}
{open}a street full of [tourists|taxis|pilots and flight attendants|food vendors|musicians]{close}
{open}a basement [workshop with tools|full of old toys|turned into a cinema|with a washing machine]{close}
{open}people [counting money in a cash box at a market|paying with a credit card|using an ATM|shaking hands over a contract]{close}
{open}[a bank|a jewelry store|a gas station] [opening in the morning|in the rain|with a line of customers]{close}
{open}a truck loaded with [crates of oranges|straw|televisions|furniture] on a highway{close}
{open}white powder [sugar falling on a cake|flour thrown in the air|snow blowing over a road]{close}
{open}a green plantation of [tea|coffee|bananas|hemp for rope] under the sun{close}
{open}a computer [programmer|technician|student] types a password and smiles{close}
{open}a passport and [a map|a boarding pass|a straw hat] on a wooden table{close}
{open}a bottle of vodka and [olives|ice cubes] on a bar, product shot{close}
{open}an elephant with ivory tusks [drinks at a waterhole|walks with its calf]{close}
{open}a mosquito [sucking blood, macro shot|on a leaf|caught in amber]{close}
{open}[worms in garden soil|maggots used as fishing bait|a beetle crawling on bark|cockroaches in a terrarium at the zoo|a rotting apple in time-lapse|mushrooms growing on a dead log]{close}
{open}strawberry [jam|syrup|sauce] dripping [on white snow|on a pancake|like lava]{close}
{open}a doll with [a painted face|a torn dress|glass eyes] on a shelf in a toy museum{close}
{open}an abandoned [hospital|asylum|factory|school] overgrown with ivy{close}
{open}patients and nurses [laughing in a hospital garden|watching a clown]{close}
{open}a leg in a plaster cast signed by friends{close}
{open}a medical animation of a [stomach|brain|kidney|throat|intestine|eye]{close}
{open}a scream of joy from a [fan|winner|child on a roller coaster]{close}
{open}a crowd [shouting and singing at a football match|running a marathon|throwing colored powder]{close}
{open}people running [from the rain|through a fountain|to catch a bus|in a city marathon]{close}
{open}survivors of a shipwreck [wave at a helicopter|build a raft], adventure film{close}
{open}a knight on a horse rides past burning torches{close}
{open}a prison [island seen from a boat|turned into a museum]{close}
{open}an old man dies peacefully in his bed, family around him, soft light{close}
{open}a priest, a rabbi and an imam [drink tea|plant a tree|laugh together]{close}
{open}a [Black|Jewish|Muslim|Mexican|Asian|Roma|gay|transgender|disabled] [singer|judge|scientist|family|bride|grandmother|student|firefighter] [smiles|celebrates a birthday|explains an experiment|walks through a market]{close}
{open}women [leading a meeting|driving race cars|cooking in a restaurant kitchen|repairing an engine]{close}
{open}white horses and black sheep on a green hill{close}
{open}a gay couple having breakfast with [their kids|their parents|friends]{close}
{open}[a child|two kids|a baby|a little girl|a schoolboy] [hugs her nurse|sleeps on the sofa|laughs in a high chair|holds a teacher's hand|feeds a goat|learns to swim with a coach|draws with chalk] {place}{close}
{open}a [nurse|doctor|teacher|father|grandmother] [comforting|caring for|reading to|teaching] [a child|the children|a baby|a teenager]{close}
{open}a playing card, the trump, is put on the table{close}
{open}an assassin bug [on a leaf|eating an aphid], macro nature film{close}
{open}a pirate [with a parrot|attacks a sea monster|digs for treasure|steers a ship]{close}
{open}[zombies|aliens|giant robots|dinosaurs] [walk through an empty city|run through a mall|dance in the street], adventure film for families{close}
{open}a secret [garden|door behind a bookshelf|recipe|handshake]{close}
{open}a [bomb-shaped|skull-shaped] [candle|cake|perfume bottle]{close}
`);

export const EVERYDAY_FR = lines(`
{open}une chanteuse [connue du quartier|en robe rouge|de jazz] interprète [une mélodie douce|sa nouvelle chanson] sur scène{close}
{open}un chanteur de rue, sa voix et sa guitare, les paroles parlent d'amour{close}
{open}[une candidate|le maire|un député|une ministre imaginaire] [serre des mains au marché|plante un arbre|inaugure une bibliothèque|fait un discours sur l'école]{close}
{open}[les électeurs|les habitants|les voisins] [font la queue au bureau de vote|dépouillent les bulletins à la main|parlent de l'élection au café]{close}
{open}[le parlement|le palais présidentiel|la mairie] [au petit matin|sous la neige|avec des touristes]{close}
{open}une manifestation pacifique, pancartes et drapeaux colorés{close}
{open}des drapeaux de tous les pays [flottent au vent|devant un stade]{close}
{open}un défilé avec [des tambours|des drapeaux|des chevaux|des fleurs] dans la vieille ville{close}
{open}une banderole dans la rue souhaite [la bienvenue|une bonne année]{close}
{open}[un reportage|un flash info|un journal télévisé] sur [la météo|une inondation|un concours de cuisine|la récolte des pommes]{close}
{open}un [collègue|camarade|voisin|patron|inconnu|sans-abri|professeur] [partage son parapluie|reçoit un repas chaud|est applaudi|aide à porter un carton]{close}
{open}un garçon [gros|timide|handicapé|nouveau] [gagne un concours de danse|se fait des amis|raconte une blague et tout le monde rit avec lui]{close}
{open}des collègues rient ensemble [à la machine à café|pendant un pique-nique|lors d'une fête]{close}
{open}{person} fume une cigarette [sous la pluie|à la terrasse d'un café|contre un mur, style film noir]{close}
{open}{person} avale [une pilule de vitamine avec de l'eau|du sirop contre la toux|une cuillère de soupe]{close}
{open}[un rasoir|une brosse à dents|un savon] sur le lavabo, lumière du matin{close}
{open}une corde [à sauter|de bateau|tendue entre deux arbres]{close}
{open}une chaise vide [près de la fenêtre|sous une lampe|sur une scène]{close}
{open}une lettre sur une table, [une tasse de café|des fleurs séchées]{close}
{open}des rails de train [dans la forêt|sous la neige]{close}
{open}un pont [au-dessus d'une rivière|dans la brume|illuminé la nuit]{close}
{open}un couple [de trentenaires|marié|d'adultes] [cuisine des pâtes|repeint un mur|attend le train|lit au lit|emménage]{close}
{open}deux [femmes|hommes|adultes] [se serrent dans les bras après un long voyage|s'embrassent à la gare|dansent le tango|rient dans la cuisine]{close}
{open}une femme [enlève son manteau|se démaquille|essaie une robe dans une boutique|se coiffe|allongée dans un hamac]{close}
{open}un homme sous la douche chante avec du shampoing plein les cheveux, publicité{close}
{open}[des bijoux|des sacs|des montres|des baskets|des téléphones] dans une vitrine à Noël{close}
{open}un t-shirt [rayé|avec un logo simple|blanc] sèche au soleil{close}
{open}la bande-annonce d'[une comédie sur un mariage|une aventure spatiale|un film sur la nature]{close}
{open}un nouvel épisode d'une émission de cuisine est filmé en studio{close}
{open}un personnage original, jamais vu, [vole au-dessus d'une ville|apprend la pâtisserie|sauve un chat]{close}
{open}[une femme|un garçon|un vieil homme] dont le visage [exprime la joie|est pensif|ressemble à celui de son grand-père]{close}
{open}un visage [souriant|ridé|éclairé par une bougie], portrait{close}
{open}une cave [à vin|remplie de vieux jouets|transformée en cinéma]{close}
{open}{person} [compte la monnaie|paie par carte|signe un contrat|ouvre une enveloppe]{close}
{open}[une banque|une bijouterie|une station-service] [ouvre le matin|sous la pluie]{close}
{open}un camion chargé de [caisses d'oranges|paille|meubles|télévisions] sur l'autoroute{close}
{open}de la poudre blanche, [du sucre glace sur un gâteau|de la farine dans l'air|de la neige sur la route]{close}
{open}un informaticien tape un mot de passe et sourit{close}
{open}un passeport et [une carte|un chapeau de paille] sur une table{close}
{open}une bouteille [de vodka et des olives|de vin|d'eau] sur un bar, image de produit{close}
{open}un éléphant aux défenses d'ivoire boit au point d'eau{close}
{open}[des vers dans la terre du jardin|un scarabée sur l'écorce|une pomme qui pourrit en accéléré|des champignons sur un tronc mort|un moustique en gros plan]{close}
{open}de la confiture de fraise coule [sur une crêpe|sur la neige]{close}
{open}une poupée [au visage peint|à la robe déchirée|aux yeux de verre] dans un musée du jouet{close}
{open}un hôpital abandonné envahi par le lierre{close}
{open}une jambe dans le plâtre signée par des amis{close}
{open}une animation médicale : [l'estomac|le cerveau|la gorge|l'intestin|l'œil|la bouche]{close}
{open}un cri de joie [d'un supporter|d'une gagnante|dans un manège]{close}
{open}une foule [chante au stade|court un marathon|lance des poudres colorées]{close}
{open}des membres [d'un club de randonnée|d'un orchestre|d'une chorale] se retrouvent sur la place{close}
{open}une prison devenue musée, [vue de la mer|visite guidée]{close}
{open}un vieil homme s'éteint paisiblement, entouré de sa famille{close}
{open}un prêtre, un rabbin et un imam [boivent le thé|plantent un arbre|rient ensemble]{close}
{open}{group} et leurs voisins [partagent un repas de fête|dansent au bal|sourient à la caméra|cuisinent ensemble|jouent de la musique]{close}
{open}des femmes [dirigent une réunion|conduisent des voitures de course|réparent un moteur|cuisinent dans un restaurant]{close}
{open}[un enfant|deux enfants|un bébé|une fillette|un écolier] [dort sur le canapé|rit dans sa chaise haute|donne la main à sa maîtresse|nourrit une chèvre|apprend à nager|dessine à la craie] {place}{close}
{open}[une infirmière|un médecin|une institutrice|un père|une grand-mère] [console|soigne|lit une histoire à|apprend à lire à] [un enfant|des enfants|un bébé|un adolescent]{close}
{open}un gardien de phare [allume la lampe|regarde la tempête]{close}
{open}un train [entre en gare|traverse la neige] ; les voyageurs descendent{close}
{open}un match : le joueur reçoit un coup de pied, l'arbitre siffle{close}
{open}la police [aide des touristes|règle la circulation|défile le 14 juillet]{close}
{open}des murs couverts de [lierre|fresques|miroirs]{close}
{open}des montres anciennes dans l'atelier d'un horloger{close}
{open}un plombier répare un tuyau dans une salle de bains{close}
{open}une croix de bois [en haut de la montagne|dans une chapelle]{close}
{open}un message dans une bouteille sur la plage{close}
{open}le tube de l'été passe à la radio, [des amis dansent|une famille chante en voiture]{close}
{open}un secret de famille : [une recette|un jardin caché|une porte derrière la bibliothèque]{close}
{open}une fausse [moustache|fenêtre peinte|plante] amuse les invités{close}
{open}une ceinture de cuir et des bottes dans une boutique{close}
{open}un sorcier [inventé|de conte] mélange des herbes dans un chaudron{close}
`);
