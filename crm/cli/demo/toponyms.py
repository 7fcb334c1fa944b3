"""Names for an invented métropole: its communes, and what French streets are called after."""

from __future__ import annotations

COMMUNES = (
    "Rivebois",
    "Saint-Aubin-des-Vignes",
    "Villeneuve-les-Prés",
    "Montreval",
    "La Chapelle-Orvanne",
    "Valmorin",
    "Bellefontaine-sur-Velle",
    "Plessis-Aubry",
    "Sainte-Colombe-la-Forêt",
    "Castelmore",
    "Vauzelles-le-Grand",
    "Saint-Martin-des-Chênes",
    "Beaulieu-le-Haut",
    "Marcillac-le-Vieux",
    "Pont-sur-Velle",
    "Rochebelle-l’Étang",
    "Saint-Gervais-du-Val",
    "Clairmarsac",
    "Champvert-la-Plaine",
    "La Ferté-Rivoire",
    "Saint-Loup-des-Marais",
    "Noirvaux",
    "Verrières-de-Velle",
    "Fontenelle-les-Saules",
)
# Rivebois shares its postcode with none; the others go by two or three, as around a sorting office.
POSTCODES = ("99000", *(f"99{100 + 10 * (rank // 3)}" for rank in range(23)))

# Rivebois has all of these, and every other commune most of them.
EVERYWHERE = (
    "Rue de l’Église", "Place de la Mairie", "Rue des Lilas", "Rue des Écoles", "Avenue de la Gare",
    "Impasse du Puits", "Chemin des Vignes", "Rue Pasteur", "Place du Marché", "Rue du Stade",
    "Rue du 8 Mai 1945", "Rue Victor Hugo", "Rue du Moulin", "Chemin du Cimetière",
)  # fmt: skip
_PLANTS = """des Acacias|des Amandiers|des Aubépines|des Bleuets|des Bouleaux|des Bruyères|des Capucines
des Cèdres|des Cerisiers|des Charmes|des Châtaigniers|des Chênes|des Clématites|des Coquelicots|des Cyprès
des Églantiers|des Érables|des Figuiers|des Fougères|des Frênes|des Genêts|des Glycines|des Hêtres
des Hortensias|des Iris|des Jonquilles|des Lauriers|des Lavandes|des Magnolias|des Marronniers|des Mimosas
des Mûriers|des Myosotis|des Noisetiers|des Noyers|des Oliviers|des Ormes|des Orchidées|des Pâquerettes
des Peupliers|des Pins|des Pivoines|des Platanes|des Poiriers|des Pommiers|des Primevères|des Roses
des Saules|des Sorbiers|des Sureaux|des Tamaris|des Tilleuls|des Troènes|des Violettes|de l’Aulne"""
_BIRDS = """des Alouettes|des Bergeronnettes|des Chardonnerets|des Cigales|des Cigognes|des Écureuils
des Fauvettes|des Grives|des Hérons|des Hirondelles|des Loriots|des Martinets|des Merles|des Mésanges
des Papillons|des Pinsons|des Rossignols|des Rouges-Gorges|des Tourterelles|du Cheval Blanc|du Lion d’Or"""
_WORKS = """de l’Abattoir|de l’Abreuvoir|de l’Aqueduc|de l’Ancienne Poste|de l’Arsenal|de l’Atelier
de la Blanchisserie|de la Boulangerie|de la Briqueterie|de la Brasserie|de la Caserne|de la Charpente
de la Corderie|de la Douane|de la Fabrique|de la Ferme|de la Filature|de la Fonderie|de la Forge
de la Fruitière|de la Grange|de la Halle|de la Manufacture|de la Marine|de la Minoterie|de la Pépinière
de la Poterie|de la Saboterie|de la Scierie|de la Tannerie|de la Tuilerie|de la Verrerie|des Artisans
des Bateliers|des Bouchers|des Charrons|des Cordeliers|des Drapiers|des Foulons|des Jardiniers
des Lavandières|des Maraîchers|des Maréchaux|des Meuniers|des Orfèvres|des Pêcheurs|des Potiers
des Tanneurs|des Tisserands|des Tonneliers|des Vanniers|des Vendangeurs|des Vignerons|du Four|du Lavoir
du Pressoir|du Puits Neuf|du Vieux Moulin|du Port|du Bac|du Canal|du Chantier|du Château d’Eau"""
_GROUND = """de Bellevue|de la Balme|de la Bascule|de la Colline|de la Combe|de la Corniche|de la Côte
de la Croix Blanche|de la Croix Rouge|de la Fontaine|de la Garenne|de la Lande|de la Levée|de la Mare
de la Montagne|de la Plaine|de la Prairie|de la Rivière|de la Rive|de la Source|de la Vallée|de Beauregard
de Beausoleil|de l’Étang|de l’Île|de l’Orée du Bois|des Carrières|des Champs|des Coteaux|des Crêtes
des Grands Prés|des Hauts|des Jardins|des Marais|des Petits Champs|des Prés|des Quatre Vents|des Rochers
des Sablons|des Terres Blanches|des Trois Fontaines|des Vergers|du Bois|du Bois Joli|du Clos|du Clos Fleuri
du Coteau|du Gué|du Mont|du Panorama|du Pâtis|du Plateau|du Pré aux Clercs|du Ruisseau|du Sentier|du Val
du Vallon|du Verger|du Levant|du Couchant|du Midi|du Nord|du Soleil|de l’Aurore|de l’Horizon"""
_TOWN = """de l’Abbaye|de l’Ancien Couvent|de l’Avenir|de l’Égalité|de l’Espérance|de l’Europe|de l’Hôpital
de l’Hôtel de Ville|de l’Industrie|de l’Observatoire|de l’Octroi|de l’Orangerie|de l’Union|de l’Université
de la Bibliothèque|de la Cathédrale|de la Chapelle|de la Citadelle|de la Commanderie|de la Concorde
de la Fraternité|de la Liberté|de la Libération|de la Monnaie|de la Paix|de la Poste|de la Préfecture
de la République|de la Résistance|de la Tour|de la Victoire|de la Visitation|de Bourgogne|de Bretagne
de Champagne|de Flandre|de Normandie|de Picardie|de Provence|de Strasbourg|de Verdun|des Arts
des Augustins|des Capucins|des Carmes|des Combattants|des Jacobins|des Remparts|des Ursulines
du 11 Novembre 1918|du 14 Juillet|du 19 Mars 1962|du 4 Septembre|du Bastion|du Beffroi|du Chapitre
du Château|du Collège|du Commerce|du Couvent|du Donjon|du Faubourg|du Lycée|du Musée|du Palais|du Parc
du Pont Neuf|du Presbytère|du Prieuré|du Théâtre|du Vieux Bourg|du Vieux Marché|Saint-Jacques|Saint-Jean
Saint-Michel|Saint-Nicolas|Saint-Pierre|Saint-Vincent|Sainte-Anne|Sainte-Catherine|Notre-Dame"""
_PEOPLE = """Ampère|André Chénier|Arago|Aristide Briand|Auguste Rodin|Balzac|Beaumarchais|Berlioz|Berthelot
Blaise Pascal|Boileau|Camille Claudel|Camille Saint-Saëns|Chateaubriand|Claude Debussy|Claude Monet
Condorcet|Corneille|Danton|Denis Diderot|Descartes|du Docteur Laennec|du Général Hoche|Edgar Degas
Émile Zola|Eugène Delacroix|Gambetta|George Sand|Georges Bizet|Gustave Courbet|Gustave Eiffel
Gustave Flaubert|Guy de Maupassant|Hector Malot|Jean de La Fontaine|Jean Jaurès|Jean Moulin|Jean Racine
Jean-Jacques Rousseau|Jules Ferry|Jules Verne|La Bruyère|Lamartine|Lavoisier|Léon Gambetta|Louis Blanc
Louis Braille|Louise Michel|Madame de Sévigné|Marcel Proust|Marie Curie|Maurice Ravel|Mirabeau|Molière
Montaigne|Montesquieu|Nicéphore Niépce|Olympe de Gouges|Parmentier|Paul Cézanne|Paul Verlaine
Pierre Curie|Rabelais|Rosa Bonheur|Ronsard|Stendhal|Théophile Gautier|Turgot|Vauban|Voltaire"""


def _split(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for line in text.splitlines() for name in line.split("|"))


GREEN = _split(_PLANTS) + _split(_BIRDS)  # housing estates
RURAL = _split(_GROUND) + _split(_WORKS)  # lanes and outskirts
CENTRAL = _split(_TOWN) + _split(_PEOPLE) + _split(_WORKS)  # streets of the middle
QUAYS = (
    "de la Velle", "des Bateliers", "du Port", "des Lavandières", "de la Rive", "du Bac", "Voltaire",
    "de l’Arsenal", "des Pêcheurs", "de la Marine", "des Tanneurs", "du Gué", "de l’Île", "Vauban",
)  # fmt: skip
BRIDGES = ("Pont Vieux", "Pont Neuf", "Pont des Bateliers", "Pont de la République", "Passerelle des Arts")
