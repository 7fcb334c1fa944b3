"""What callers say, and the leaf a good advisor would pick. Invented sentences, spoken or hastily typed."""

# The catalogue's synonyms were adjusted with these in sight.
KNOWN = """
ECLA-01 | lampadaire éteint depuis lundi devant la boulangerie
DECH-01 | poubelle jaune pas ramassée
VOIR-01 | trou dans la route
VERT-05 | y a des rats
ECLA-01 | lampadere etint
EAU-01 | fuite d'eau trottoir
ECLA-01 | le reverbere devant chez moi clignote toute la nuit
ECLA-02 | toute la rue est dans le noir depuis hier soir
ECLA-03 | il y a des fils électriques qui pendent du poteau
ECLA-03 | une voiture a percuté le lampadaire il est penché
PROP-01 | des gens ont jeté un matelas et un frigo sur le trottoir
PROP-01 | tas de gravats au bord du chemin
PROP-02 | la rue est dégueulasse personne ne balaie
PROP-02 | les feuilles mortes rendent le trottoir glissant
PROP-03 | la corbeille du square déborde
PROP-04 | tag sur le mur de l'école
PROP-04 | on a collé des affiches partout
PROP-05 | plein de crottes de chien devant l'école
PROP-05 | bouteilles cassées sur la place, du verre partout
PROP-06 | j'ai trouvé une seringue dans le bac à sable
PROP-07 | un chat mort sur la route
PROP-08 | un camion a perdu de l'huile dans le virage
DECH-01 | les éboueurs ne sont pas passés ce matin
DECH-01 | mon bac gris n'a pas été vidé
DECH-02 | on m'a volé ma poubelle
DECH-02 | je viens d'emménager je voudrais un bac
DECH-02 | la roue de ma poubelle est cassée
DECH-03 | je voudrais prendre rendez-vous pour les encombrants
DECH-04 | la colonne à verre est pleine
DECH-05 | le voisin laisse ses poubelles sur le trottoir toute la semaine
DECH-06 | c'est quoi les horaires de la déchetterie
DECH-06 | on m'a refusé à la déchèterie avec ma remorque
DECH-08 | je veux un composteur pour mon jardin
VOIR-01 | nid de poule rue Victor Hugo
VOIR-01 | la route est toute défoncée
VOIR-02 | la chaussée s'est affaissée il y a un énorme trou
VOIR-03 | les racines ont soulevé le trottoir, impossible avec la poussette
VOIR-04 | la plaque d'égout bouge et fait du bruit
VOIR-05 | les travaux bloquent l'entrée de mon garage
VOIR-06 | ma rue est verglacée, quand passez-vous saler
VOIR-07 | les voitures roulent trop vite, il faudrait un ralentisseur
VOIR-08 | je voudrais poser une benne devant chez moi
VOIR-08 | réserver une place pour un camion de déménagement
VOIR-09 | je suis tombée sur le trottoir et je me suis cassé le poignet
SIGN-01 | le feu rouge est en panne au carrefour
SIGN-02 | le panneau stop est par terre
SIGN-03 | le passage piéton est effacé
SIGN-04 | la borne ne descend plus je ne peux pas rentrer
EAU-02 | je n'ai plus d'eau au robinet
EAU-03 | l'eau est marron et sent mauvais
EAU-04 | ma facture d'eau est trop élevée
EAU-05 | des jeunes ont ouvert la borne incendie
ASSA-01 | les égouts débordent, ça remonte dans les toilettes
ASSA-02 | l'avaloir est bouché, la rue est inondée
ASSA-03 | ça sent l'égout dans toute la rue
VERT-01 | un arbre est tombé sur la route
VERT-02 | la haie du voisin dépasse sur le trottoir
VERT-04 | la balançoire est cassée au parc
VERT-06 | nid de frelons asiatiques dans un arbre
MOBI-01 | une voiture est garée sur le passage piéton
MOBI-02 | une épave de voiture depuis des mois
MOBI-03 | je conteste mon amende de stationnement
MOBI-06 | le bus n'est pas passé ce matin
MOBU-01 | le banc est cassé
MOBU-02 | les toilettes publiques sont fermées
TRAN-01 | mes voisins font du bruit toute la nuit
TRAN-02 | des jeunes dealent en bas de l'immeuble
TRAN-03 | un chien errant agressif
TRAN-04 | une dame dort dans la rue
HABI-01 | mon logement est plein de moisissures
HABI-02 | des morceaux de façade tombent
VIE-01 | je voudrais un acte de naissance
REL-01 | je n'ai toujours pas de réponse à ma demande
REL-02 | je voulais remercier les jardiniers
REL-03 | je veux effacer mes données personnelles
VOIR-01 | nit de poul
"""

# Written before any adjustment and never adjusted to: what a new sentence may expect.
FRESH = """
ECLA-01 | bonjour la lampe de la rue en face de chez moi marche plus
ECLA-01 | candélabre numéro 12 hs
ECLA-02 | plus aucune lumière dans notre lotissement le soir
ECLA-03 | la petite porte au pied du poteau est ouverte on voit les câbles
ECLA-04 | la lumière du lampadaire m'empêche de dormir elle donne dans ma chambre
PROP-01 | quelqu'un a vidé son camion dans le fossé, des plaques et des pots de peinture
PROP-01 | canapé abandonné au coin de l'avenue
PROP-02 | le caniveau est plein de mégots et de papiers
PROP-03 | les poubelles du parc sont pleines à craquer
PROP-04 | ils ont encore tagué ma façade
PROP-05 | ça pue la pisse sous le porche
PROP-07 | pigeon mort devant la porte
DECH-01 | vous avez oublié notre rue pour le tri
DECH-01 | ramassage des ordures pas fait
DECH-02 | le couvercle de mon conteneur est fendu
DECH-02 | notre famille s'agrandit il nous faut une poubelle plus grande
DECH-03 | comment me débarrasser d'un vieux canapé
DECH-04 | le conteneur à vêtements est plein
DECH-07 | les éboueurs ont cassé mon rétroviseur
VOIR-01 | j'ai failli tomber à vélo à cause d'un trou dans la chaussée
VOIR-03 | les dalles du trottoir bougent, ma mère a trébuché
VOIR-04 | il manque une grille au milieu de la chaussée
VOIR-05 | marteau piqueur dès six heures du matin
VOIR-06 | il faudrait du sel dans la côte ça glisse
VOIR-07 | pouvez-vous installer un miroir à la sortie de l'impasse
VOIR-09 | j'ai crevé un pneu dans un nid de poule qui va payer
SIGN-01 | les feux clignotent orange place du marché
SIGN-02 | plus de panneau sens interdit
SIGN-03 | il manque la plaque avec le nom de la rue
EAU-01 | ça jaillit du bitume un vrai geyser
EAU-02 | coupure d'eau dans l'immeuble depuis ce matin
EAU-03 | l'eau du robinet a un goût de javel
EAU-04 | je déménage je veux résilier mon contrat d'eau
ASSA-02 | la grille est bouchée par les feuilles et l'eau monte
ASSA-03 | odeur nauséabonde qui vient des égouts
ASSA-04 | ma fosse septique doit être contrôlée avant la vente
VERT-01 | une grosse branche menace de tomber sur l'école
VERT-02 | il faudrait élaguer le platane il touche ma fenêtre
VERT-03 | la pelouse du parc n'est jamais tondue
VERT-04 | le toboggan a un clou qui dépasse
VERT-05 | invasion de cafards et de souris dans la cave
VERT-06 | chenilles processionnaires dans les pins de l'école
MOBI-01 | un camion bloque ma sortie de garage
MOBI-02 | voiture ventouse qui n'a pas bougé depuis six mois
MOBI-03 | comment avoir une carte de stationnement résident
MOBI-04 | trottinettes en travers du trottoir
MOBI-05 | la piste cyclable est pleine de bouts de verre
MOBI-06 | j'ai perdu mon sac dans le tram
MOBU-01 | la vitre de l'arrêt de bus est brisée
MOBU-02 | la fontaine du square ne donne plus d'eau
MOBU-03 | le portail du cimetière ne ferme plus
TRAN-01 | le bar en bas met la musique à fond
TRAN-02 | des scooters font du rodéo sur le parking
TRAN-03 | j'ai vu un chien perdu sans collier
TRAN-04 | des tentes se sont installées sous le pont
HABI-01 | mon propriétaire refuse de réparer le chauffage et il y a de l'humidité
HABI-02 | l'immeuble d'à côté menace de s'écrouler
HABI-03 | mon voisin construit sans permis
VIE-01 | inscrire ma fille à la cantine
VIE-02 | je n'ai pas reçu mon allocation de la caf
REL-01 | votre agent a été très désagréable au téléphone
REL-04 | je veux contester votre refus devant le médiateur
ECLA-01 | lampadair cassé
DECH-03 | encombrant a enlevé
PROP-04 | grafiti sur un murs
MOBI-01 | voiture mal gareé
TRAN-01 | tapaje nocturne
"""


def pairs(table: str) -> list[tuple[str, str]]:
    """(expected leaf, sentence)."""
    lines = [line.split("|") for line in table.strip().splitlines()]
    return [(code.strip(), sentence.strip()) for code, sentence in lines]
