# SPDX-License-Identifier: EUPL-1.2
"""What people are told, on the site and by e-mail, at the rhythm each chose.

Nouns: change, notice, choice, letter. Verbs: tell, take back, deliver, read, choose, try again.
A room above writes a change in the transaction that made it, and says how its letters read; this
room finds who is concerned when it leaves. Stands on organizations, ui and kernel.
"""
