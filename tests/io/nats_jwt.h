/*  =========================================================================
    nats_jwt - an operator of NATS, accounts and a user, by signed tokens

    Made once, for ever, as nsc makes them, with keys that are kept nowhere but
    the user's: that is the test's own.
    =========================================================================
*/

#ifndef TESTS_IO_NATS_JWT_H
#define TESTS_IO_NATS_JWT_H

//  Who vouches for the accounts; the system's, and the one with JetStream
#define JWT_OPERATOR                                                           \
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE3MDAwMDAwM"     \
    "DAsImlzcyI6Ik9EV1MyVjc2S1pKU0tDNkFPNFZPWFRWTVQzUExQT1RKSVI3VFhNT0ZXN"     \
    "jVJUU0yWEhFT0tEUEpSIiwibmFtZSI6Im9wIiwibmF0cyI6eyJ0eXBlIjoib3BlcmF0b"     \
    "3IiLCJ2ZXJzaW9uIjoyfSwic3ViIjoiT0RXUzJWNzZLWkpTS0M2QU80Vk9YVFZNVDNQT"     \
    "FBPVEpJUjdUWE1PRlc2NUlRTTJYSEVPS0RQSlIifQ.KeZ_0LVGJXUNmCB-Fgh3Fh8mxt"     \
    "P_dGjQzQm1d3G8LH9SbTpXSpTIBP0c9JU82_wAlgmcLOQfon1MV8-xaNXmDw"
#define SYSTEM "ABVWOJYI2KFHHNT3TIPSRPLCTZ4VLRIFPZAUIIUBJFIAMMJFCPRQZEBD"
#define JWT_SYSTEM                                                             \
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE3MDAwMDAwM"     \
    "DAsImlzcyI6Ik9EV1MyVjc2S1pKU0tDNkFPNFZPWFRWTVQzUExQT1RKSVI3VFhNT0ZXN"     \
    "jVJUU0yWEhFT0tEUEpSIiwibmFtZSI6InN5cyIsIm5hdHMiOnsibGltaXRzIjp7InN1Y"     \
    "nMiOi0xLCJkYXRhIjotMSwicGF5bG9hZCI6LTEsImltcG9ydHMiOi0xLCJleHBvcnRzI"     \
    "jotMSwid2lsZGNhcmRzIjp0cnVlLCJjb25uIjotMSwibGVhZiI6LTF9LCJ0eXBlIjoiY"     \
    "WNjb3VudCIsInZlcnNpb24iOjJ9LCJzdWIiOiJBQlZXT0pZSTJLRkhITlQzVElQU1JQT"     \
    "ENUWjRWTFJJRlBaQVVJSVVCSkZJQU1NSkZDUFJRWkVCRCJ9.MB2ZsvZMzZg1ZYHSq8D_"     \
    "-CrVFk3VF8qtVbotfv6KPzjyImfnLA1TKe3bviAitzHHqhTsmgUvqA6J3z0JgsCrDA"
#define ACCOUNT "ABFRD6SDBA6HI67GWQPL34OUP3KW365X6ZXT5A6OAZISNWODFXZINWRC"
#define JWT_ACCOUNT                                                            \
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE3MDAwMDAwM"     \
    "DAsImlzcyI6Ik9EV1MyVjc2S1pKU0tDNkFPNFZPWFRWTVQzUExQT1RKSVI3VFhNT0ZXN"     \
    "jVJUU0yWEhFT0tEUEpSIiwibmFtZSI6ImFjYyIsIm5hdHMiOnsibGltaXRzIjp7InN1Y"     \
    "nMiOi0xLCJkYXRhIjotMSwicGF5bG9hZCI6LTEsImltcG9ydHMiOi0xLCJleHBvcnRzI"     \
    "jotMSwid2lsZGNhcmRzIjp0cnVlLCJjb25uIjotMSwibGVhZiI6LTEsIm1lbV9zdG9yY"     \
    "WdlIjotMSwiZGlza19zdG9yYWdlIjotMSwic3RyZWFtcyI6LTEsImNvbnN1bWVyIjotM"     \
    "X0sInR5cGUiOiJhY2NvdW50IiwidmVyc2lvbiI6Mn0sInN1YiI6IkFCRlJENlNEQkE2S"     \
    "Ek2N0dXUVBMMzRPVVAzS1czNjVYNlpYVDVBNk9BWklTTldPREZYWklOV1JDIn0.4dFkm"     \
    "7__Dpc6WRkQ7QRwH2vjJ04hMQfUdPx1YBZaAZgpygs9UH_BXjfZJRmqITZ0u7M01Gpoy"     \
    "jp6le7b9Sj3Aw"

//  The account vouches for the user, and so does one that nobody vouches for
#define JWT_USER                                                               \
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE3MDAwMDAwM"     \
    "DAsImlzcyI6IkFCRlJENlNEQkE2SEk2N0dXUVBMMzRPVVAzS1czNjVYNlpYVDVBNk9BW"     \
    "klTTldPREZYWklOV1JDIiwibmFtZSI6ImVhc3QiLCJuYXRzIjp7InN1YnMiOi0xLCJkY"     \
    "XRhIjotMSwicGF5bG9hZCI6LTEsInR5cGUiOiJ1c2VyIiwidmVyc2lvbiI6Mn0sInN1Y"     \
    "iI6IlVCS0VPSUg3TVlPS0FGRVhZTkNYWUlFUFJFTjc0UkQ0Tk9JMkRZTTZTQlNTUkdJU"     \
    "ElCV1RJUkdVIn0.op3KnXpz5-FEAV-h7ISDdv5ANhkKV_hAb61H8L3K9YllpEbLZl94S"     \
    "9vb8qH5yRhLdyYMWxYacRR9WFpr_9iODQ"
#define JWT_STRANGER                                                           \
    "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJpYXQiOjE3MDAwMDAwM"     \
    "DAsImlzcyI6IkFBTllNNkwzTEFRTEtJUk5HM0NCMzYzQzM1WUZHN05JUE9DM0JRN1ZNR"     \
    "01ISE8yU0xHMlNXSEc3IiwibmFtZSI6ImVhc3QiLCJuYXRzIjp7InN1YnMiOi0xLCJkY"     \
    "XRhIjotMSwicGF5bG9hZCI6LTEsInR5cGUiOiJ1c2VyIiwidmVyc2lvbiI6Mn0sInN1Y"     \
    "iI6IlVCS0VPSUg3TVlPS0FGRVhZTkNYWUlFUFJFTjc0UkQ0Tk9JMkRZTTZTQlNTUkdJU"     \
    "ElCV1RJUkdVIn0.GJl7IBOy02VHw2dexeTe2cAcM54ExavWtKxZE0GJnsVmYR9taFPdW"     \
    "9kLW8z7WV-CK-JRznWXtLR6IOYuDytdAQ"
#define USER_SEED "SUADU5SMSS5K4LCSAWKPS4J7Y6LNK5CEIIDMGWXXVRCRA6YBLX3A6NOEO4"

#define CREDENTIALS(jwt)                                                       \
    "-----BEGIN NATS USER JWT-----\n" jwt                                      \
    "\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY "                 \
    "SEED-----\n" USER_SEED "\n------END USER NKEY SEED------\n"

#define BY_TOKENS                                                              \
    "operator: " JWT_OPERATOR "\nsystem_account: " SYSTEM                      \
    "\nresolver: MEMORY\nresolver_preload: { " SYSTEM ": " JWT_SYSTEM          \
    "\n" ACCOUNT ": " JWT_ACCOUNT " }\n"

#endif
