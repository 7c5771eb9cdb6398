"""Names and zones for generated people, from many places, so that long and accented ones occur."""

FIRST_NAMES = """
Aaliyah Abebe Aiko Alejandra Amara Anders Anneke Arjun Astrid Aurélie Beatriz Bjørn Bogdan
Camille Carlos Chiara Chidi Dariusz Deepa Diego Elif Émile Esther Fatima Felix Freja Gabriela
Giulia Hana Hiroshi Ibrahim Ines Isabela Jakub Jamila Joana Jun Kaito Katarzyna Kwame Lars Leila
Linnea Lucía Mahmoud Mateo Mei Mireille Mohammed Nadia Ngozi Niamh Nils Noor Olga Oluwaseun
Paulo Priya Rania Ravi Rosa Sanne Satoshi Selin Sofía Søren Tariq Thandiwe Tomás Uma Valentina
Viktor Wanjiru Wei Xavier Yasmin Yuki Zanele Zofia
"""

LAST_NAMES = """
Abara Almeida Andersson Banerjee Bauer Bianchi Castillo Chen Cohen Dąbrowski Diallo Dlamini
Dubois Eriksen Farah Fernández García Gómez Haddad Hansen Hernández Horvat Ivanova Jansen Kamau
Kaya Khan Kim Kowalska Kobayashi Larsen Laurent Lefèvre Lindqvist Lopes Mahlangu Marković
Martins Mbeki Mensah Moreau Müller Nakamura Ndiaye Nguyen Nowak Núñez Okonkwo Oliveira Osei Park
Patel Pereira Petrov Qureshi Ramos Reddy Ribeiro Rossi Sato Schneider Silva Singh Sørensen
Suzuki Tadesse Takahashi Torres Ueda Vargas Visser Wang Weber Yamamoto Yılmaz Zhang Zimmermann
"""

ZONES = """
Europe/Paris Europe/London Europe/Warsaw Europe/Istanbul America/New_York America/Chicago
America/Los_Angeles America/Sao_Paulo America/Bogota Africa/Lagos Africa/Nairobi
Africa/Johannesburg Asia/Tokyo Asia/Kolkata Asia/Kathmandu Asia/Singapore Australia/Sydney
Australia/Lord_Howe Pacific/Auckland Pacific/Chatham
"""
