# SPDX-License-Identifier: AGPL-3.0-or-later
"""Reports of online meetings as Zoom and Teams make them, with people made up."""

from __future__ import annotations

ZOOM = """\
Topic,ID,Host,Duration (minutes),Start time,End time,Participants
CA MSIX Overview,812 3456 7890,Yecenia Ocampo (trainer@example.org),95,12/03/2026 09:55:00 AM,12/03/2026 11:30:00 AM,4

Name (original name),Email,Join time,Leave time,Duration (minutes),Guest,Recording disclaimer response,In waiting room
Ana Núñez,ana@example.net,12/03/2026 09:58:00 AM,12/03/2026 10:40:00 AM,42,Yes,,No
Ana Núñez,ana@example.net,12/03/2026 10:42:00 AM,12/03/2026 11:30:00 AM,48,Yes,,No
"O’Brien, Ben (iPad)",,12/03/2026 10:00:00 AM,12/03/2026 11:30:00 AM,90,Yes,,No
"""

ZOOM_2021 = """\
Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants
812 3456 7890,CA MSIX Overview,12/03/2026 09:55:00 AM,12/03/2026 11:30:00 AM,trainer@example.org,95,4

Name (Original Name),User Email,Total Duration (Minutes),Guest
Ana Núñez,ana@example.net,90,Yes
"""

ZOOM_SPANISH = """\
Nombre (nombre original),E-mail del usuario,Hora para unirse,Hora para salir,Duración (minutos),Invitado
Ana Núñez,ana@example.net,03/12/2026 09:58:00,03/12/2026 11:30:00,92,Sí
"""

ZOOM_WEBINAR = """\
Attendee Report
Report Generated:,Dec 3 2026 11:40 AM
Topic,Webinar ID,Actual Start Time,Actual Duration (minutes)
CA MSIX Overview,812 3456 7890,Dec 3 2026 9:55 AM,95
Host Details,
Attended,User Name (Original Name),Email,Join Time,Leave Time,Time in Session (minutes),Is Guest
Yes,Yecenia Ocampo,trainer@example.org,Dec 3 2026 9:55 AM,Dec 3 2026 11:30 AM,95,No
Attendee Details,
Attended,User Name (Original Name),First Name,Last Name,Email,Registration Time,Join Time,Time in Session (minutes)
Yes,Ana,Ana,Núñez,ana@example.net,Dec 1 2026 8:00 AM,Dec 3 2026 9:58 AM,92
No,Ben O’Brien,Ben,O’Brien,ben@example.net,Dec 1 2026 8:00 AM,--,--
"""

TEAMS = """\
1. Summary
Meeting title\tCA MSIX Overview
Attended participants\t3
Start time\t12/3/26, 9:55:11 AM
End time\t12/3/26, 11:31:02 AM
Meeting duration\t1h 35m 51s
Average attendance time\t1h 1m 55s

2. Participants
Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole
Núñez, Ana\t12/3/26, 9:58:00 AM\t12/3/26, 11:30:00 AM\t1h 30m 20s\tAna@example.net\tana@example.net\tPresenter
Ben O’Brien (Unverified)\t12/3/26, 10:00:00 AM\t12/3/26, 10:05:10 AM\t5m 10s\t\t\tAttendee

3. In-Meeting Activities
Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole
Núñez, Ana\t12/3/26, 9:58:00 AM\t12/3/26, 10:40:20 AM\t42m 20s\tAna@example.net\tPresenter
Núñez, Ana\t12/3/26, 10:42:00 AM\t12/3/26, 11:30:00 AM\t48m\tAna@example.net\tPresenter
Ben O’Brien (Unverified)\t12/3/26, 10:00:00 AM\t12/3/26, 10:05:10 AM\t5m 10s\t\tAttendee

4. Meeting Engagement
Name\tEngagement Type\tTime
Núñez, Ana\tRaised hand\t12/3/26, 10:10:00 AM
"""

TEAMS_2021 = """\
Meeting Summary
Total Number of Participants\t2
Meeting Title\tCA MSIX Overview

Full Name\tJoin Time\tLeave Time\tDuration\tEmail\tRole\tParticipant ID (UPN)
Ana Núñez\t12/3/2026, 9:58:00 AM\t12/3/2026, 10:40:00 AM\t42m\tana@example.net\tPresenter\tana@example.net
Ana Núñez\t12/3/2026, 10:42:00 AM\t12/3/2026, 11:30:00 AM\t48m\tana@example.net\tPresenter\tana@example.net
"""

TEAMS_LIST = """\
Full Name\tUser Action\tTimestamp
Ana Núñez\tJoined\t12/3/2026, 9:58:00 AM
Ana Núñez\tLeft\t12/3/2026, 11:30:00 AM
"""

TEAMS_SPANISH = """\
1. Resumen
Título de la reunión\tIntroducción a MSIX

2. Participantes
Nombre\tPrimera entrada\tÚltima salida\tDuración de la reunión\tCorreo electrónico\tId. de participante (UPN)\tRol
Ana Núñez\t3/12/26, 9:58:00\t3/12/26, 11:30:00\t1 h 30 min 20 s\t\tana@example.net\tAsistente

3. Actividades de la reunión
Nombre\tHora de unión\tHora de salida\tDuración\tCorreo electrónico\tRol
Ana Núñez\t3/12/26, 9:58:00\t3/12/26, 11:30:00\t1 h 30 min 20 s\t\tAsistente
"""
