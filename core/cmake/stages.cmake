# What the code of each kept stage depends on, as paths below core/mid: folders, and files by the beginning of their names. A change
# there makes the stage be computed again, a change elsewhere does not. A stage without a list depends on everything.
# tests/system/test_fingerprint.py follows the include lines and finds what is missing here.
set(mid_stages pca vae wgan_gp victim judge answers)

# The attacker's priors: from pictures alone.
set(mid_stage_pca base/ data/ info/ nn/ model/ attack/search/auxiliary_pictures. experiment/dataset_cache.)
set(mid_stage_vae ${mid_stage_pca})
set(mid_stage_wgan_gp ${mid_stage_pca})

# A trained model: it knows nothing of who will attack it. Models from files are read anew and not kept.
set(mid_stage_victim base/ data/ info/ nn/ model/ defense/ experiment/dataset_cache. experiment/spec. experiment/target.)

# What models outside answered: words are all that it depends on.
set(mid_stage_answers base/ model/file/brought_inputs. model/outside/outside. model/outside/answer_text.)

# The networks that say whom a picture shows.
set(mid_stage_judge base/ data/ info/ nn/ model/ measure/ experiment/dataset_cache. experiment/judge.)
